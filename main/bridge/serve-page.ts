import type { BridgePort } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { freshRelay, type Question, type RelayEvent, stepRelay } from './relay.ts';

export interface PageRelay {
  /** The host ended: says so to the page and waits for another. */
  loseHost(): void;
  /** A new port to a host that started. */
  gainHost(port: BridgePort): void;
  close(): void;
}

/** Runs the relay (relay.ts) between one page and the host. `ask` resolves with null when the person agreed. */
export function servePage(about: {
  readonly page: BridgePort;
  /** Null: it is being started. */
  readonly host: BridgePort | null;
  ask(question: Question): Promise<Fault | null>;
  log(text: string): void;
}): PageRelay {
  let state = freshRelay;
  let host: BridgePort | null = null;
  const step = (event: RelayEvent): void => {
    const next = stepRelay(state, event);
    state = next.state;
    for (const effect of next.effects) {
      if (effect.to === 'host') host?.post(effect.message);
      else if (effect.to === 'screen') about.page.post(effect.message);
      else if (effect.to === 'log') about.log(effect.text);
      else void settle(effect.question);
    }
  };
  const settle = async (question: Question): Promise<void> => {
    const refusal = await about.ask(question);
    step({ type: 'judged', id: question.id, refusal });
  };
  const attach = (port: BridgePort): void => {
    host = port;
    port.onMessage((message) => {
      // A late word of a host that was replaced is about ids that were closed already.
      if (host === port) step({ type: 'host', message });
    });
  };
  if (about.host) attach(about.host);
  else step({ type: 'host-gone' });
  about.page.onMessage((message) => step({ type: 'screen', message }));
  return {
    loseHost: () => {
      host?.close();
      host = null;
      step({ type: 'host-gone' });
    },
    gainHost: (port) => {
      attach(port);
      step({ type: 'host-back' });
    },
    close: () => {
      step({ type: 'screen', message: { type: 'bye' } });
      host?.close();
      about.page.close();
    },
  };
}
