import { isoTime, systemClock, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { type Signer, signEnvelope, type TrustState } from '#shared/trust/index.ts';
import { createHoldKeeper, type HoldKeeper, type HoldOptions } from '../holding/hold-keeper.ts';
import { createTimeFloor, type TimeFloorOptions } from '../holding/time-floor.ts';

/** What a device says of a node whose store it has looked at. */
export async function signStatement(
  about: Pick<HoldOptions, 'store' | 'nodeId'> & { hold: HoldKeeper; state: TrustState; signer: Signer },
  changes: object = {},
) {
  const { store, nodeId, hold, state, signer } = about;
  const head = store.audit.head();
  const payload = {
    fleet: state.fleet,
    trustHead: state.head,
    node: nodeId,
    nonce: hold.view().nonce,
    trustHeads: state.heads,
    nodeAuditHead: head?.hash ?? null,
    nodeAuditSeq: head?.seq ?? 0,
    time: isoTime(systemClock),
    ...changes,
  };
  return signEnvelope('statement', payload, signer);
}

interface Part {
  readonly store: HoldOptions['store'] & TimeFloorOptions['store'];
}

/** The hold of a node that has just started. */
export function createUnansweredHold(about: Pick<HoldOptions, 'nodeId' | 'trust' | 'audit'> & Part): HoldKeeper {
  const tools = { clock: systemClock, random: systemRandom, log: () => undefined };
  return createHoldKeeper({ ...about, ...tools, timeFloor: createTimeFloor({ ...about, ...tools }) });
}

/** The hold of a node that a device has answered, as nearly always. */
export async function createAnsweredHold(
  about: Pick<HoldOptions, 'nodeId' | 'trust' | 'audit'> & Part & { signer: Signer },
): Promise<HoldKeeper> {
  const hold = createUnansweredHold(about);
  unwrap(await hold.take(await signStatement({ ...about, hold, state: about.trust.state })));
  return hold;
}
