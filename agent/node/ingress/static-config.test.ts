import { describe, expect, test } from 'vitest';
import { ingressBodySchema } from '#shared/domain/apps/index.ts';
import { acmeErrorFromLog } from './certificate.ts';
import { apiRouteFile, ingressStaticConfig } from './static-config.ts';

const body = (more: object = {}) =>
  ingressBodySchema.parse({
    v: 1,
    kind: 'ingress',
    name: 'ingress',
    state: 'running',
    image: { ref: 'traefik:v3.7', digest: null },
    acme: { email: 'me@example.com', caServer: 'https://acme.example/dir', caCertificates: 'PEM' },
    ...more,
  });

describe('Traefik’s own files', () => {
  test('the static configuration is exactly this', async () => {
    await expect(ingressStaticConfig(body())).toMatchFileSnapshot('./golden/static.yml');
  });
  test('the API’s route is exactly this', async () => {
    await expect(apiRouteFile('hash=', '7')).toMatchFileSnapshot('./golden/api-route.yml');
  });
  test('without an ACME server there is no resolver, and the redirect names the outer port', () => {
    const config = JSON.parse(ingressStaticConfig(body({ acme: null, httpsPort: 8443 })));
    expect(config.certificatesResolvers).toBeUndefined();
    expect(config.entryPoints.web.http.redirections.entryPoint.to).toBe(':8443');
    expect(config.api.insecure).toBe(false);
  });
});

test('the newest error that names the host is what the ACME server said', () => {
  const line = (level: string, error: string) =>
    JSON.stringify({ level, error, message: 'Unable to obtain ACME certificate' });
  const log = [
    line('error', 'old for a.example'),
    line('error', 'new for a.example'),
    line('error', 'for b.example'),
    line('info', 'a.example'),
  ];
  expect(acmeErrorFromLog(log.join('\n'), 'a.example')).toBe('new for a.example');
  expect(acmeErrorFromLog(`\u0001\u0000${log[0]}`, 'a.example')).toBe('old for a.example');
  expect(acmeErrorFromLog('', 'a.example')).toBeUndefined();
});
