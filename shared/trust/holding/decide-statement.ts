import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Opened } from '../envelopes/open-envelope.ts';
import { headOfHeads } from '../log/graph.ts';
import { roleOf, unknownSigner } from '../log/permissions.ts';
import type { TrustState } from '../log/state.ts';
import { revokedNode } from '../releases/refusals.ts';
import type { OwnChain } from './decide-hold.ts';
import type { HeadStatement } from './statement.ts';

export interface StatementQuestion {
  readonly opened: Opened<HeadStatement>;
  /** nodeId of this node. */
  readonly node: string;
  /** The nonce of its open question. */
  readonly nonce: string;
  readonly state: TrustState;
  readonly chain: OwnChain;
}

/** What a good statement means for the node that asked. */
export type StatementDecision =
  | { readonly ends: true; readonly goOn: boolean }
  /** HOLD-4, HOLD-5: the node has forgotten something and holds on; the fault says what. */
  | { readonly ends: false; readonly behind: 'trust' | 'chain'; readonly fault: Fault };

/** HOLD-2..HOLD-6: does this statement end the hold? A fault: it says nothing to this node. */
export function decideStatement(question: StatementQuestion): Result<StatementDecision> {
  const { opened, node, nonce, state, chain } = question;
  const { payload, signer } = opened;
  if (payload.fleet !== state.fleet) return refuse('hold.wrong-fleet', 'fleet', 'it is for another fleet', ANSWER);
  if (state.revokedNodes.has(node)) return err(revokedNode(node));
  if (payload.node !== node) return refuse('hold.wrong-node', 'node', `it is about node ${payload.node}`, ANSWER);
  if (payload.nonce !== nonce) return refuse('hold.wrong-nonce', 'nonce', 'it answers another question', ANSWER);
  const may = decideMayState(state, signer, node);
  if (!may.ok) return may;
  const trust = judgeTrust(state, payload);
  if (!trust.ok) return trust;
  if (trust.value > 0) return ok({ ends: false, behind: 'trust', fault: behindInTrust(trust.value) });
  if (payload.goOn) return decideGoOn(question);
  return judgeChain(chain, payload);
}

/** HOLD-3: an owner's or operator's device, or another node. */
function decideMayState(state: TrustState, signer: string, node: string): Result<void> {
  if (signer === node)
    return refuse('hold.own-word', 'signer', 'a node can not vouch for itself', 'wait for another one');
  if (state.nodes.has(signer)) return ok();
  if (state.revokedNodes.has(signer)) return err(revokedNode(signer));
  const role = roleOf(state, signer);
  if (role === null && !state.devices.has(signer)) return err(unknownSigner(state, signer));
  if (role === 'owner' || role === 'provisional-owner' || role === 'operator') return ok();
  return refuse('hold.not-allowed', 'signer', 'only owners and operators vouch for a node', 'connect one of theirs');
}

/** HOLD-4: how many named entries this node lacks; a fault where the signer lacks one of this node's. */
function judgeTrust(state: TrustState, statement: HeadStatement): Result<number> {
  if (headOfHeads(statement.trustHeads) !== statement.trustHead)
    return refuse('hold.bad-heads', 'trustHeads', 'its entries are not those of its trustHead', ANSWER);
  const missing = statement.trustHeads.filter((hash) => !state.graph.has(hash)).length;
  if (missing === 0 && statement.trustHead !== state.head)
    return refuse('hold.signer-behind', 'trustHead', 'its signer lacks entries of the trust log', LEVEL);
  return ok(missing);
}

/** HOLD-5: the head that the signer saw must stand in this node's own chain, under its number. */
function judgeChain(chain: OwnChain, statement: HeadStatement): Result<StatementDecision> {
  const { nodeAuditHead, nodeAuditSeq } = statement;
  if (nodeAuditHead === null) {
    if (chain.head === null) return ok({ ends: true, goOn: false });
    return refuse('hold.signer-unaware', 'nodeAuditHead', 'its signer has never seen an entry of this node', LEVEL);
  }
  if (chain.seqOf(nodeAuditHead) === nodeAuditSeq) return ok({ ends: true, goOn: false });
  const ownSeq = chain.head?.seq ?? 0;
  return ok({ ends: false, behind: 'chain', fault: behindInChain(nodeAuditSeq, ownSeq) });
}

/** HOLD-6: only an owner's desktop or CLI lets a node go on, and only from the head that it looked at. */
function decideGoOn({ opened, state, chain }: StatementQuestion): Result<StatementDecision> {
  if (roleOf(state, opened.signer) !== 'owner')
    return refuse('hold.not-allowed', 'signer', 'only an owner lets a node go on', 'use a desktop or CLI of an owner');
  if (opened.payload.goOn !== chain.head?.hash)
    return refuse('hold.moved-on', 'goOn', 'this node has written more since its owner looked', 'look again');
  return ok({ ends: true, goOn: true });
}

const ANSWER = 'answer the present question of the node';
const LEVEL = 'bring the device level with its core; it answers again by itself';

function refuse(code: string, field: string, why: string, next: string): Result<never> {
  return err(fault(code, 'denied', `the statement is refused: ${why}`, next, { field }));
}

function behindInTrust(missing: number): Fault {
  return fault(
    'hold.behind-trust',
    'transient',
    `this node lacks ${missing} or more entries of the trust log that its fleet has`,
    'wait until the core has sent them; past the core: `overseer trust export FILE`, then `overseer node trust import FILE` here',
    { detail: { missing: String(missing) } },
  );
}

function behindInChain(seq: number, ownSeq: number): Fault {
  const what = ownSeq < seq ? `it was put back to an older copy: it has ${ownSeq} of them` : 'it has another one there';
  return fault(
    'hold.behind-chain',
    'transient',
    `this node has written at least ${seq} entries into its own chain, and ${what}`,
    'it takes back from the core what it can; if it is gone for good, an owner runs `overseer nodes go-on NODE`',
    { detail: { seq: String(seq), ownSeq: String(ownSeq) } },
  );
}
