import { createPrivateKey, createPublicKey, generateKeyPair, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { sha256Hex } from '#shared/kernel/index.ts';

/** A TLS key with a certificate that it signed itself. Peers know it by `spki`, never by issuer, name or dates. */
export interface TlsIdentity {
  /** PKCS #8 PEM. */
  readonly keyPem: string;
  readonly certPem: string;
  /** hex SHA-256 of the SubjectPublicKeyInfo DER. */
  readonly spki: string;
}

/**
 * Makes a TLS key (RSA-2048, which node-forge and every browser take) and its self-signed certificate.
 * `hosts` become subject alternative names. The dates span all time: a machine whose clock says 1970 still gets in.
 */
export async function createTlsIdentity(about: {
  commonName: string;
  hosts?: readonly string[];
}): Promise<TlsIdentity> {
  const { privateKey: keyPem } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certPem = await createTlsCertificate(keyPem, about);
  return { keyPem, certPem, spki: spkiSha256(certPem) };
}

/**
 * Makes another self-signed certificate for a key (PKCS #8 PEM) that there is: for hosts that were not known when the
 * first one was made. Peers see no difference, for the key is the same; browsers ask once more.
 */
export async function createTlsCertificate(
  keyPem: string,
  about: { commonName: string; hosts?: readonly string[] },
): Promise<string> {
  // Loaded here only: a start of core or node needs no certificate made.
  const { default: forge } = await import('node-forge');
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(
    createPublicKey(createPrivateKey(keyPem)).export({ type: 'spki', format: 'pem' }).toString(),
  );
  // RFC 5280 §4.1.2.2: positive and at most 20 octets.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date('1970-01-01T00:00:00Z');
  // RFC 5280 §4.1.2.5: the value for a certificate without a well-defined end.
  certificate.validity.notAfter = new Date('9999-12-31T23:59:59Z');
  const name = [{ name: 'commonName', value: about.commonName.slice(0, 64) }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions(extensionsFor(about.hosts ?? []));
  certificate.sign(forge.pki.privateKeyFromPem(keyPem), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
}

/** Whether a certificate names this host, a DNS name or an IP address, as browsers want it named. */
export function certificateNames(certPem: string, host: string): boolean {
  const certificate = new X509Certificate(certPem);
  const named = isIP(host) === 0 ? certificate.checkHost(host, { subject: 'never' }) : certificate.checkIP(host);
  return named !== undefined;
}

/** hex SHA-256 of the SubjectPublicKeyInfo of a certificate, public key or private key in PEM. Throws on other text. */
export function spkiSha256(certOrKeyPem: string): string {
  const key = certOrKeyPem.includes('BEGIN CERTIFICATE')
    ? new X509Certificate(certOrKeyPem).publicKey
    : createPublicKey(certOrKeyPem);
  return sha256Hex(key.export({ type: 'spki', format: 'der' }));
}

/** hex SHA-256 of the key that the other end of a TLS connection proved to hold; undefined when it showed none. */
export function peerSpki(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  return sha256Hex(certificate.publicKey.export({ type: 'spki', format: 'der' }));
}

function extensionsFor(hosts: readonly string[]): object[] {
  const altNames = hosts.map((host) => (isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host }));
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    ...(altNames.length > 0 ? [{ name: 'subjectAltName', altNames }] : []),
  ];
}
