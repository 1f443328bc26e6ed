import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateNames, createTlsCertificate, createTlsIdentity, spkiSha256 } from './tls-identity.ts';

describe('TLS identity', () => {
  it('gives one SPKI hash for certificate and key, and names every host', async () => {
    const identity = await createTlsIdentity({
      commonName: 'core',
      hosts: ['core.lab.example', '10.0.0.2', 'fd00::2'],
    });
    const certificate = new X509Certificate(identity.certPem);
    expect(certificate.checkPrivateKey(createPrivateKey(identity.keyPem))).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(spkiSha256(identity.keyPem)).toBe(identity.spki);
    expect(identity.spki).toMatch(/^[0-9a-f]{64}$/);
    expect(certificate.checkHost('core.lab.example')).toBe('core.lab.example');
    expect(certificate.checkIP('10.0.0.2')).toBe('10.0.0.2');
    expect(certificate.checkIP('fd00::2')).toBeDefined();
  });

  it('has what browsers ask of a server: a key they take, its use, names in subjectAltName', async () => {
    const { certPem } = await createTlsIdentity({ commonName: 'core.lan', hosts: ['core.lan', '10.0.0.2'] });
    const certificate = new X509Certificate(certPem);
    expect(certificate.publicKey.asymmetricKeyType).toBe('rsa');
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBeGreaterThanOrEqual(2048);
    expect(certificate.keyUsage).toContain('1.3.6.1.5.5.7.3.1');
    expect(certificate.subjectAltName).toBe('DNS:core.lan, IP Address:10.0.0.2');
    expect(certificate.ca).toBe(false);
    expect([certificateNames(certPem, 'core.lan'), certificateNames(certPem, 'other.lan')]).toEqual([true, false]);
    expect([certificateNames(certPem, '10.0.0.2'), certificateNames(certPem, '10.0.0.3')]).toEqual([true, false]);
  });

  it('gives a key another certificate for more hosts, with the same SPKI', async () => {
    const { keyPem, spki } = await createTlsIdentity({ commonName: 'core', hosts: ['core.lan'] });
    const again = await createTlsCertificate(keyPem, { commonName: 'core', hosts: ['core.lan', 'fd00::2'] });
    expect(spkiSha256(again)).toBe(spki);
    expect(new X509Certificate(again).checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
    expect(certificateNames(again, 'fd00::2')).toBe(true);
  });

  it('is valid at any date, for machines that start in 1970', async () => {
    const { certPem } = await createTlsIdentity({ commonName: 'node' });
    const certificate = new X509Certificate(certPem);
    expect(certificate.validFromDate.getTime()).toBe(0);
    expect(certificate.validToDate.getUTCFullYear()).toBe(9999);
  });
});
