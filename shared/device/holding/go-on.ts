import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { nodeHead } from './node-heads.ts';
import { signStatement } from './vouch.ts';

/** What a person looks at before a node goes on without what it has forgotten. */
export interface ForgottenChain {
  readonly why: Fault;
  /** Entries of its own chain that the node has, and that this device has seen. */
  readonly ownSeq: number;
  readonly seenSeq: number;
}

/** HOLD-6: signs that a node goes on from its present head. Only where it holds because of its own chain. */
export async function letNodeGoOn(
  context: Pick<DeviceContext, 'clock'>,
  fleet: Fleet,
  nodeId: string,
  confirm: (forgotten: ForgottenChain) => Promise<Result<void>>,
): Promise<Result<void>> {
  const params = { id: nodeId };
  const shown = await fleet.client.call('showNode', { params });
  if (!shown.ok) return shown;
  const { hold, name } = shown.value;
  if (!hold?.nonce || hold.why?.code !== 'hold.behind-chain' || !hold.head) return err(notForgotten(name));
  const { nonce, head } = hold;
  const seen = await nodeHead(fleet, nodeId);
  const fine = await confirm({ why: hold.why as Fault, ownSeq: head.seq, seenSeq: seen?.seq ?? head.seq });
  if (!fine.ok) return fine;
  const statement = await signStatement(context, fleet, { nodeId, nonce, goOn: head.hash });
  const sent = await fleet.client.call('vouchForNode', { params, body: { statement } });
  return sent.ok ? ok() : sent;
}

function notForgotten(name: string): Fault {
  return fault(
    'hold.not-forgotten',
    'conflict',
    `${name} does not wait because of something that it has forgotten`,
    `Look at \`overseer nodes show ${name}\`; a node that has only started is answered by that very command.`,
  );
}
