import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import forge from 'node-forge';
import { createTlsIdentity } from '#shared/node/tls-identity.ts';

/** A TLS key with a certificate over it, PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** The TLS key of a node, from its disk. */
export function stolenNodeKey(disk: string): KeyPair {
  const file = JSON.parse(readFileSync(join(disk, 'identity.json'), 'utf8')) as { tlsKey: string; tlsCert: string };
  return { key: file.tlsKey, cert: file.tlsCert };
}

/** A key that nobody knows, with a certificate of that name. */
export async function strangeKey(commonName: string): Promise<KeyPair> {
  const { keyPem: key, certPem: cert } = await createTlsIdentity({ commonName });
  return { key, cert };
}

/** Another certificate over a key: with its own dates and name, signed by another authority than itself. */
export function otherCertificate(key: string, about: { name: string; from: Date; to: Date }): string {
  const authority = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(
    createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'pem' }).toString(),
  );
  certificate.serialNumber = '02';
  certificate.validity.notBefore = about.from;
  certificate.validity.notAfter = about.to;
  certificate.setSubject([{ name: 'commonName', value: about.name }]);
  certificate.setIssuer([{ name: 'commonName', value: 'an authority of nobody' }]);
  const signer = authority.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  certificate.sign(forge.pki.privateKeyFromPem(signer), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}
