import type { IngressBody } from '#shared/domain/apps/index.ts';
import { shellWord } from '#shared/kernel/index.ts';

/** Invites a server. */
export function tokenCommand(name: string): string {
  return `overseer nodes token --name ${shellWord(name)}`;
}

/** Signs an ingress as desired state has it: every choice is named, so that an owner reads what he signs. */
export function ingressCommand(
  node: string,
  {
    httpPort,
    httpsPort,
    acme,
    publicAddresses,
  }: Pick<IngressBody, 'httpPort' | 'httpsPort' | 'acme' | 'publicAddresses'>,
): string {
  const certificates = acme === null ? ['--no-acme'] : ['--email', acme.email, '--ca-server', acme.caServer];
  const ports = ['--http-port', String(httpPort), '--https-port', String(httpsPort)];
  const addresses = publicAddresses.flatMap((address) => ['--public-address', address]);
  return line(['ingress', 'enable', '--node', node, ...certificates, ...ports, ...addresses]);
}

/** Signs a connector as desired state has it; its token lies there sealed. */
export function cloudflareCommand(
  node: string,
  { zones, baseUrl }: { zones: readonly string[]; baseUrl: string | null },
): string {
  const chosen = [...zones.flatMap((zone) => ['--zone', zone]), ...(baseUrl === null ? [] : ['--base-url', baseUrl])];
  return line(['integrations', 'cloudflare', 'set', '--node', node, ...chosen]);
}

function line(parts: readonly string[]): string {
  return ['overseer', ...parts].map(shellWord).join(' ');
}
