import type { ComposeOffer } from './compose-offer.ts';

/** Which service visitors reach, and its port as typed; null: not chosen. */
export interface ServedChoice {
  readonly service: string | null;
  readonly port: string | null;
}

/** What the route leads to. `port` is null while what is typed is none. */
export interface Served {
  readonly service: string | null;
  readonly port: number | null;
  readonly typed: string;
}

/** The choice with its gaps filled by what the file says: the first service that names a port, else the first. */
export function suggestServed(choice: ServedChoice, offer: ComposeOffer): Served {
  const known = offer.services.find(({ name }) => name === choice.service);
  const service = known ?? offer.services.find(({ ports }) => ports.length > 0) ?? offer.services[0];
  const typed = choice.port ?? String(service?.ports[0] ?? '');
  const port = /^\d{1,5}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= 65_535 ? Number(typed) : null;
  return { service: service?.name ?? null, port, typed };
}

/** What is wrong with the port; null when nothing is. */
export function checkServed({ port, typed }: Pick<Served, 'port' | 'typed'>): 'missing' | 'bad' | null {
  if (typed.trim() === '') return 'missing';
  return port === null ? 'bad' : null;
}
