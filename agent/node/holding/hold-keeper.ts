import type { NodeHold } from '#shared/contracts/link/messages.ts';
import { type Clock, err, type Fault, fault, ok, type Random, type Result, randomId } from '#shared/kernel/index.ts';
import {
  ASK_AGAIN_AFTER_MS,
  decideStatement,
  type Envelope,
  endsHoldForItself,
  everyTrustKey,
  isHolding,
  type OpenedHeader,
  openEnvelope,
  parseEnvelope,
  type StatementDecision,
} from '#shared/trust/index.ts';
import type { NodeAudit } from '../audit/node-audit.ts';
import type { TrustHolder } from '../link/trust-holder.ts';
import type { NodeStore } from '../store/node-store.ts';
import { lastTakenSeq } from './last-taken.ts';
import type { TimeFloor } from './time-floor.ts';

/** How often a node looks whether it must ask, and repeats an open question: who can answer may have come meanwhile. */
export const LOOK_EVERY_MS = 15_000;

/** Knows whether this node takes changes, and asks those who can say (HOLD). */
export interface HoldKeeper {
  /** Why it takes no change now; null when it does. */
  why(): Fault | null;
  /** What the core and people are told. */
  view(): NodeHold;
  /** HOLD-7: whether this release, good in every other way, is taken although the node holds. */
  letsPass(header: OpenedHeader): boolean;
  /** An answer came. A fault says why it is none. */
  take(statement: Envelope): Promise<Result<void>>;
  /** Something that was missing is here: judges the answer that told of it once more. */
  recheck(): Promise<void>;
  /** Called whenever `view` has changed. */
  onChange(listener: () => void): void;
  /** Begins to look at the clock. */
  start(tell: () => void): void;
  stop(): void;
}

interface Judged {
  readonly decision: StatementDecision;
  readonly signer: string;
  readonly hash: string;
  /** Number of the newest entry that the signer has seen. */
  readonly seenSeq: number;
  readonly saidMs: number;
}

export interface HoldOptions {
  readonly nodeId: string;
  readonly trust: TrustHolder;
  readonly audit: NodeAudit;
  readonly store: Pick<NodeStore, 'audit'>;
  readonly clock: Clock;
  /** HOLD-10: raised by each answer that ends the hold. */
  readonly timeFloor: Pick<TimeFloor, 'raise'>;
  readonly random: Random;
  log(line: string): void;
}

/** HOLD-1: begins holding, as after every start: nothing of an earlier answer is kept, or a restored disk would bring it back. */
export function createHoldKeeper(options: HoldOptions): HoldKeeper {
  const { nodeId, trust, audit, store, clock, timeFloor, random, log } = options;
  let answeredAtMs: number | null = null;
  let nonce: string | null = randomId(random);
  let sinceMs = clock.nowMs();
  /** HOLD-4, HOLD-5: the statement that told of something this node lacks. */
  let behind: { readonly statement: Envelope; readonly fault: Fault } | null = null;
  let ticker: NodeJS.Timeout | undefined;
  const listeners: (() => void)[] = [];
  // One at a time: two answers to one question would both be written down.
  let last: Promise<unknown> = Promise.resolve();

  const changed = (): void => {
    for (const tell of listeners) tell();
  };
  const holds = (): boolean => isHolding(answeredAtMs, clock.nowMs());
  const chain = {
    seqOf: store.audit.seqOf,
    get head() {
      return store.audit.head();
    },
  };

  const judge = async (statement: Envelope): Promise<Result<Judged>> => {
    if (nonce === null) return err(notAsked());
    const parsed = parseEnvelope(statement);
    if (!parsed.ok) return parsed;
    const { state } = trust;
    // Also of those who were revoked: the refusal says so.
    const opened = await openEnvelope(parsed.value, {
      kind: 'statement',
      fleet: state.fleet,
      keys: everyTrustKey(state),
    });
    if (!opened.ok) return opened;
    const decided = decideStatement({ opened: opened.value, node: nodeId, nonce, state, chain });
    if (!decided.ok) return decided;
    const { signer, itemHash: hash, payload } = opened.value;
    return ok({
      decision: decided.value,
      signer,
      hash,
      seenSeq: payload.nodeAuditSeq,
      saidMs: Date.parse(payload.time),
    });
  };

  const takeNow = async (statement: Envelope): Promise<Result<void>> => {
    const judged = await judge(statement);
    if (!judged.ok) return judged;
    const { decision, signer, hash, seenSeq, saidMs } = judged.value;
    if (!decision.ends) {
      if (behind?.fault.code !== decision.fault.code) log(`Holding: ${decision.fault.message}.`);
      behind = { statement, fault: decision.fault };
      // Also a node that did not hold: its memory may be as old as its disk.
      answeredAtMs = null;
      changed();
      return ok();
    }
    const was = holds();
    // HOLD-1: what can not be written down does not end the hold.
    await audit.append(
      {
        action: decision.goOn ? 'went-on' : 'vouched',
        subject: {},
        order: hash,
        detail: { signer },
        // Numbers that are used and gone are not used again: who saw them would take the new ones for a second history.
        ...(decision.goOn ? { atLeastSeq: seenSeq + 1 } : {}),
      },
      () => timeFloor.raise(signer, saidMs),
    );
    behind = null;
    nonce = null;
    answeredAtMs = clock.nowMs();
    if (was) {
      sinceMs = answeredAtMs;
      log(
        `${trust.state.devices.get(signer)?.name ?? trust.state.nodes.get(signer)?.name ?? signer} says that nothing is missing here: changes are taken.`,
      );
    }
    changed();
    return ok();
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };

  return {
    why: () => (holds() ? (behind?.fault ?? waiting(answeredAtMs !== null)) : null),
    view: () => ({
      holding: holds(),
      nonce,
      head: store.audit.head(),
      since: new Date(sinceMs).toISOString(),
      why: holds() ? ((behind?.fault ?? waiting(answeredAtMs !== null)) as NodeHold['why']) : null,
    }),
    letsPass: (header) => {
      const seen = header.payload.nodeAuditHead;
      const seq = seen ? store.audit.seqOf(seen) : undefined;
      if (seq === undefined) return false;
      return endsHoldForItself({ header, chain, lastTakenSeq: lastTakenSeq(store.audit, seq), state: trust.state });
    },
    take: (statement) => inTurn(() => takeNow(statement)),
    recheck: () =>
      inTurn(async () => {
        if (behind === null) return;
        const again = await takeNow(behind.statement);
        if (!again.ok) log(`What was said before does not count any more: ${again.error.message}`);
      }),
    onChange: (listener) => void listeners.push(listener),
    start(tell) {
      let held = holds();
      ticker = setInterval(() => {
        const nowMs = clock.nowMs();
        if (answeredAtMs !== null && nonce === null && (holds() || nowMs - answeredAtMs > ASK_AGAIN_AFTER_MS))
          nonce = randomId(random);
        if (holds() && !held) {
          sinceMs = nowMs;
          log('Nobody has said for a day that nothing is missing here: changes wait until somebody does.');
          changed();
        } else if (nonce !== null) tell();
        held = holds();
      }, LOOK_EVERY_MS);
      ticker.unref();
    },
    stop: () => clearInterval(ticker),
  };
}

function waiting(isLongAgo: boolean): Fault {
  return fault(
    'hold.waiting',
    'transient',
    isLongAgo
      ? 'this node has heard from no device and no other node for a day, and takes no change until one says what is newest'
      : 'this node has just started, and takes no change until a device or another node says what is newest',
    'open the app or run `overseer nodes list` on a device: it answers by itself, and what waits goes on',
  );
}

function notAsked(): Fault {
  return fault(
    'hold.not-asked',
    'conflict',
    'this node does not ask what is newest',
    'nothing: somebody else was first',
  );
}
