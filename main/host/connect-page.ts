import type { BridgePort } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import type { Question } from '../bridge/relay.ts';
import { servePage } from '../bridge/serve-page.ts';
import type { HostLink } from './host-link.ts';

/** Joins a page to the host through the relay, over every restart of the host. Returns the end of it. */
export function connectPage(
  link: HostLink,
  page: BridgePort,
  ask: (question: Question) => Promise<Fault | null>,
  log: (text: string) => void,
): () => void {
  const relay = servePage({ page, host: link.isUp() ? link.connect() : null, ask, log });
  const unlisten = link.listen({ onGone: () => relay.loseHost(), onBack: () => relay.gainHost(link.connect()) });
  return () => {
    unlisten();
    relay.close();
  };
}
