import { expect, it } from 'vitest';
import { cloudflareCommand, ingressCommand, tokenCommand } from './owner-commands.ts';

const acme = { email: 'ada@example.com', caServer: 'https://acme.example/dir', caCertificates: null };

it('names every choice of an ingress, so that an owner reads what he signs', () => {
  const ingress = { httpPort: 80, httpsPort: 8443, acme, publicAddresses: ['192.0.2.1', '2001:db8::1'] };
  expect(ingressCommand('my server', ingress)).toBe(
    "overseer ingress enable --node 'my server' --email ada@example.com --ca-server https://acme.example/dir --http-port 80 --https-port 8443 --public-address 192.0.2.1 --public-address 2001:db8::1",
  );
  expect(ingressCommand('cellar', { ...ingress, acme: null, publicAddresses: [] })).toBe(
    'overseer ingress enable --node cellar --no-acme --http-port 80 --https-port 8443',
  );
});

it('P7: a connector is signed without its token, which lies sealed in desired state', () => {
  expect(cloudflareCommand('cellar', { zones: ['example.com'], baseUrl: null })).toBe(
    'overseer integrations cloudflare set --node cellar --zone example.com',
  );
  expect(cloudflareCommand("it's", { zones: [], baseUrl: 'https://double.example' })).toBe(
    "overseer integrations cloudflare set --node 'it'\\''s' --base-url https://double.example",
  );
  expect(tokenCommand('$(id)')).toBe("overseer nodes token --name '$(id)'");
});
