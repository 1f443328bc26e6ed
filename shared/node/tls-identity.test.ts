import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTlsIdentity, spkiSha256 } from './tls-identity.ts';

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

  it('is valid at any date, for machines that start in 1970', async () => {
    const { certPem } = await createTlsIdentity({ commonName: 'node' });
    const certificate = new X509Certificate(certPem);
    expect(certificate.validFromDate.getTime()).toBe(0);
    expect(certificate.validToDate.getUTCFullYear()).toBe(9999);
  });
});
