import {
  type CoreToNode,
  coreToNodeSchema,
  LINK_PATH,
  LINK_TRUST_PATH,
  type NodeToCore,
} from '#shared/contracts/link/messages.ts';
import type { Fault, Result } from '#shared/kernel/index.ts';
import { createLinkConnection, type LinkConnection } from './connection.ts';
import { type Dialled, dialLink } from './dial.ts';
import { type DialEvent, type DialState, initialDialState, nextDial } from './dial-machine.ts';
import { exchangeTrust, type TrustPort } from './trust-exchange.ts';

/** The node's end of the link: sends NodeToCore, receives CoreToNode; `peer` is the core's SPKI. */
export type NodeSideConnection = LinkConnection<NodeToCore, CoreToNode>;

export interface LinkClientOptions {
  /** Read at each dial: the trust log may bring new ones. */
  addresses(): readonly { host: string; linkPort: number }[];
  isExpected(spki: string): boolean;
  readonly tlsKey: string;
  readonly tlsCert: string;
  readonly version: string;
  readonly trust: TrustPort;
  onUp(connection: NodeSideConnection): void;
  /** Each failed try, with its address: for the log and `overseer node status`. */
  onFault(fault: Fault): void;
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
  readonly dialTimeoutMs?: number;
  readonly pingEveryMs?: number;
  readonly deadAfterMs?: number;
}

export interface LinkClient {
  readonly state: DialState;
  /** Dials now if it waits: after a network change. */
  nudge(): void;
  stop(): void;
}

/** Keeps one link to the core for as long as it is not stopped; decisions are dial-machine.ts, effects are here. */
export function connectLink(options: LinkClientOptions): LinkClient {
  let state = initialDialState;
  let timer: NodeJS.Timeout | undefined;
  let connection: NodeSideConnection | undefined;
  const stopping = new AbortController();

  const feed = (event: DialEvent): void => {
    const step = nextDial(state, event, {
      addresses: Math.max(1, options.addresses().length),
      jitter: Math.random(),
      firstDelayMs: options.firstDelayMs ?? 500,
      maxDelayMs: options.maxDelayMs ?? 15_000,
    });
    state = step.state;
    clearTimeout(timer);
    if (step.effect.do === 'dial') void dial(step.effect.address);
    if (step.effect.do === 'introduce') void introduce(step.effect.address);
    if (step.effect.do === 'wait') timer = setTimeout(() => feed({ on: 'timer' }), step.effect.delayMs);
    if (step.effect.do === 'hang-up') {
      stopping.abort();
      connection?.close();
    }
  };

  const dial = async (index: number): Promise<void> => {
    const dialled = await open(index, LINK_PATH, options.isExpected);
    if (dialled === undefined) return feed({ on: 'failed' });
    if (stopping.signal.aborted) return;
    if (!dialled.ok) {
      options.onFault(dialled.error);
      const stranger = dialled.error.code === 'link.unknown-core' || dialled.error.code === 'link.unknown-peer';
      return feed({ on: stranger ? 'stranger' : 'failed' });
    }
    const openedAt = performance.now();
    const up: NodeSideConnection = createLinkConnection(dialled.value.socket, {
      peer: dialled.value.spki,
      incoming: coreToNodeSchema,
      ...(options.pingEveryMs === undefined ? {} : { pingEveryMs: options.pingEveryMs }),
      ...(options.deadAfterMs === undefined ? {} : { deadAfterMs: options.deadAfterMs }),
    });
    connection = up;
    feed({ on: 'opened' });
    options.onUp(up);
    up.onClose((reason) => {
      if (!stopping.signal.aborted) options.onFault(reason);
      feed({ on: 'lost', upMs: performance.now() - openedAt });
    });
  };

  const introduce = async (index: number): Promise<void> => {
    // Any key may answer here: all that is taken from it is a log that verifies from our own genesis.
    const dialled = await open(index, LINK_TRUST_PATH, () => true);
    if (dialled === undefined || !dialled.ok) {
      if (dialled) options.onFault(dialled.error);
      return feed({ on: 'failed' });
    }
    const result = await exchangeTrust(dialled.value.socket, dialled.value.spki, options.trust, 'dials');
    if (!result.ok) options.onFault(result.error);
    feed({ on: result.ok ? 'introduced' : 'failed' });
  };

  const open = async (
    index: number,
    path: string,
    isExpected: (spki: string) => boolean,
  ): Promise<Result<Dialled> | undefined> => {
    const address = options.addresses()[index];
    if (address === undefined) return undefined;
    return dialLink({
      host: address.host,
      port: address.linkPort,
      path,
      tlsKey: options.tlsKey,
      tlsCert: options.tlsCert,
      version: options.version,
      isExpected,
      timeoutMs: options.dialTimeoutMs ?? 10_000,
      signal: stopping.signal,
    });
  };

  feed({ on: 'start' });
  return {
    get state() {
      return state;
    },
    nudge: () => feed({ on: 'nudge' }),
    stop: () => feed({ on: 'stop' }),
  };
}
