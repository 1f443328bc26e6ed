import type { CoreAddress } from '#shared/trust/index.ts';

/** An address as a person gives it; the core itself says on which port it takes nodes. */
export interface TypedAddress {
  readonly host: string;
  readonly httpPort: number;
  readonly linkPort: number | undefined;
}

/** Reads `HOST`, `HOST:PORT` or `https://HOST:PORT`; undefined when it is none of them. The usual port is 7443. */
export function parseCoreAddress(text: string): { host: string; httpPort: number } | undefined {
  const core = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(core) ? new URL(core) : undefined;
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search !== '' || url.username !== '') return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // URL drops the port that is https's own; a core there must be said so.
  const httpPort = url.port === '' ? (/:443\/?$/.test(core) ? 443 : 7443) : Number(url.port);
  return { host, httpPort };
}

/**
 * What genesis says of where the core is: first the address that worked here, then those the core names. They are
 * ways to try, no authority: whoever answers must hold the core's key.
 */
export function coreAddresses(typed: TypedAddress, named: readonly CoreAddress[]): CoreAddress[] {
  const isTyped = ({ host, httpPort }: CoreAddress): boolean => host === typed.host && httpPort === typed.httpPort;
  const linkPort = typed.linkPort ?? (named.find(isTyped) ?? named[0])?.linkPort ?? 7444;
  const { host, httpPort } = typed;
  return [{ host, httpPort, linkPort }, ...named.filter((address) => !isTyped(address))].slice(0, 16);
}
