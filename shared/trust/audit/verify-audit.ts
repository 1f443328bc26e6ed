import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { CommonPayload } from '../common-fields.ts';
import type { Envelope } from '../envelopes/envelope.ts';
import { type EnvelopeKind, envelopeKinds, payloadTypeOf } from '../envelopes/kinds.ts';
import { openEnvelope } from '../envelopes/open-envelope.ts';
import { itemHash, parseEnvelope } from '../envelopes/parse-envelope.ts';
import { applyTrustEntries } from '../log/apply-entries.ts';
import { createTrustState, everyTrustKey, type TrustState } from '../log/state.ts';
import { type AuditFinding, type AuditWitness, type ChainLink, type CheckedChain, checkChain } from './chain.ts';
import type { CoreAuditEntry } from './entries.ts';
import { type CoreLine, parseAuditExport } from './export-lines.ts';

export interface AuditChainVerdict {
  readonly entries: number;
  readonly head: string | null;
  /** Entries up to this number were seen by somebody other than the keeper; 0: by nobody. */
  readonly witnessedSeq: number;
}

/** An entry of the core's chain by a key that was revoked, above what its revocation lets stand. */
export interface VoidEntry {
  readonly seq: number;
  readonly device: string;
  readonly action: string;
}

export interface AuditVerdict {
  readonly verdict: 'verified' | 'consistent-only' | 'broken';
  /** One sentence for a person. */
  readonly sentence: string;
  readonly findings: readonly AuditFinding[];
  /** AUD-7: what a key did above the cut-off of its revocation: it is void, but the log holds. */
  readonly voided: readonly VoidEntry[];
  readonly trustEntries: number;
  readonly core: AuditChainVerdict;
  readonly nodes: Readonly<Record<string, AuditChainVerdict>>;
}

/**
 * AUD-2..AUD-6: verifies an export without a core. `genesis` is the fleet; `witnesses` are heads that the verifier
 * itself remembers. Heads that devices and nodes signed into their envelopes count as witnesses too; witness lines of
 * the export are anybody's word: they can only show a fault, never vouch.
 */
export async function verifyAudit(
  lines: Iterable<string>,
  about: { readonly genesis: string; readonly witnesses: readonly AuditWitness[] },
): Promise<Result<AuditVerdict>> {
  const parsed = parseAuditExport(lines);
  if (!parsed.ok) return parsed;
  const { trust, core, nodes, unreadable } = parsed.value;
  const log = await applyTrustEntries(createTrustState(about.genesis), trust);
  if (!log.ok || !log.value.state.genesis)
    return err(
      fault(
        'audit.bad-trust-log',
        'denied',
        `the export's trust log is refused: ${log.ok ? 'it has no genesis' : log.error.message}`,
        'export again; the trust log must be whole, or no signature can be checked',
      ),
    );
  const { state } = log.value;
  const findings: AuditFinding[] = [];
  if (state.pending.length > 0)
    findings.push({
      chain: 'trust',
      what: 'missing',
      seq: null,
      message: 'parents of trust log entries are not there',
    });
  for (const line of unreadable)
    findings.push({ chain: 'core', what: 'altered', seq: null, message: `line ${line} is no audit entry` });

  const signed: AuditWitness[] = [];
  for (const line of core) findings.push(...(await checkCoreEntry(line, state, signed)));
  const nodeLinks = await openNodeEntries(nodes, state, signed, findings);

  // AUD-7: who revoked a key has seen the entry that the cut-off names.
  for (const { audit } of cutoffsOf(state)) if (audit) signed.push({ chain: 'core', seq: audit.seq, head: audit.hash });
  const vouching = [...about.witnesses, ...signed];
  const check = (chain: string, links: readonly ChainLink[], sealed: boolean): CheckedChain => {
    const checked = checkChain(chain, links, witnessesOf(vouching, chain), sealed);
    const hearsay = checkChain(chain, links, witnessesOf(parsed.value.witnesses, chain), sealed);
    const known = new Set(checked.findings.map(findingKey));
    findings.push(...checked.findings, ...hearsay.findings.filter((found) => !known.has(findingKey(found))));
    return checked;
  };
  const coreChain = check('core', core.map(coreLink), false);
  const nodeIds = new Set([...nodeLinks.keys(), ...witnessedNodes([...vouching, ...parsed.value.witnesses])]);
  const nodeChains: Record<string, AuditChainVerdict> = {};
  for (const nodeId of [...nodeIds].sort())
    nodeChains[nodeId] = summary(check(nodeId, nodeLinks.get(nodeId) ?? [], true));

  const verdict = findings.length > 0 ? 'broken' : coreChain.witnessedSeq > 0 ? 'verified' : 'consistent-only';
  return ok({
    verdict,
    sentence: sentenceOf(verdict, findings, coreChain),
    findings,
    voided: core.flatMap(({ entry }) => voidOf(entry, state)),
    trustEntries: state.entries.length,
    core: summary(coreChain),
    nodes: nodeChains,
  });
}

/** AUD-5: an accepted entry's envelope must hold, and be by the device that the entry names. */
async function checkCoreEntry(line: CoreLine, state: TrustState, signed: AuditWitness[]): Promise<AuditFinding[]> {
  const { entry } = line;
  const altered = (message: string): AuditFinding[] => [{ chain: 'core', what: 'altered', seq: entry.seq, message }];
  if (entry.fleet !== '' && entry.fleet !== state.fleet) return altered(`entry ${entry.seq} is of another fleet`);
  // A refused envelope may be refused exactly because it does not hold.
  if (!entry.envelope || entry.outcome === 'refused') return [];
  const problem = await envelopeProblem(entry.envelope, state, signed);
  if (problem) return altered(`the envelope in entry ${entry.seq} does not hold: ${problem}`);
  return isAttributed(entry) ? [] : altered(`entry ${entry.seq} names another device than the one that signed`);
}

function cutoffsOf(state: TrustState) {
  return [...state.revokedDevices.values()].flatMap(({ cutoffs }) => cutoffs);
}

/** AUD-7: a cut-off without an audit head says nothing: its signer had not looked at the audit. */
function voidOf({ seq, actor, action, outcome }: CoreAuditEntry, state: TrustState): readonly VoidEntry[] {
  if (actor.kind !== 'device' || outcome !== 'accepted') return [];
  const seen = state.revokedDevices.get(actor.id)?.cutoffs.flatMap(({ audit }) => (audit ? [audit.seq] : [])) ?? [];
  return seen.length > 0 && seq > Math.max(...seen) ? [{ seq, device: actor.id, action }] : [];
}

function isAttributed({ actor, envelope }: CoreAuditEntry): boolean {
  return actor.kind !== 'device' || envelope?.signatures[0]?.keyid === actor.id;
}

async function envelopeProblem(
  envelope: Envelope,
  state: TrustState,
  signed: AuditWitness[],
): Promise<string | undefined> {
  const parsed = parseEnvelope(envelope);
  if (!parsed.ok) return parsed.error.message;
  const kind = (Object.keys(envelopeKinds) as EnvelopeKind[]).find(
    (candidate) => payloadTypeOf(candidate) === envelope.payloadType,
  );
  if (!kind) return `unknown payloadType ${envelope.payloadType}`;
  if (kind === 'trust') return state.graph.has(itemHash(envelope)) ? undefined : 'it is not in the trust log';
  const opened = await openEnvelope(envelope, { kind, fleet: state.fleet, keys: everyTrustKey(state) });
  if (!opened.ok) return opened.error.message;
  collectHeads(opened.value.payload, state, signed);
  return undefined;
}

async function openNodeEntries(
  envelopes: readonly Envelope[],
  state: TrustState,
  signed: AuditWitness[],
  findings: AuditFinding[],
): Promise<ReadonlyMap<string, ChainLink[]>> {
  const links = new Map<string, ChainLink[]>();
  for (const envelope of envelopes) {
    const opened = await openEnvelope(envelope, {
      kind: 'node-audit',
      fleet: state.fleet,
      keys: everyTrustKey(state, 'node'),
    });
    if (!opened.ok) {
      const chain = envelope.signatures[0]?.keyid ?? 'unknown';
      findings.push({ chain, what: 'altered', seq: null, message: `a node's entry: ${opened.error.message}` });
      continue;
    }
    const { seq, prev } = opened.value.payload;
    const list = links.get(opened.value.signer) ?? [];
    list.push({ seq, prev, hash: opened.value.itemHash });
    links.set(opened.value.signer, list);
    if (opened.value.payload.auditHead) signed.push({ chain: 'core', head: opened.value.payload.auditHead });
  }
  return links;
}

/** A device says which head it saw of the node that its order is for, a node says its own. */
function collectHeads(payload: CommonPayload & { node?: unknown }, state: TrustState, signed: AuditWitness[]): void {
  if (payload.auditHead) signed.push({ chain: 'core', head: payload.auditHead });
  if (!payload.nodeAuditHead) return;
  const chain = typeof payload.node === 'string' ? payload.node : payload.signer;
  if (state.namedKeys.node.has(chain)) signed.push({ chain, head: payload.nodeAuditHead });
}

function coreLink({ entry, hash }: CoreLine): ChainLink {
  return { seq: entry.seq, prev: entry.prev, hash };
}
function witnessesOf(witnesses: readonly AuditWitness[], chain: string): AuditWitness[] {
  return witnesses.filter((witness) => witness.chain === chain);
}
function witnessedNodes(witnesses: readonly AuditWitness[]): string[] {
  return witnesses.map((witness) => witness.chain).filter((chain) => chain !== 'core');
}
function findingKey(found: AuditFinding): string {
  return JSON.stringify([found.chain, found.what, found.seq, found.message]);
}
function summary({ entries, head, witnessedSeq }: CheckedChain): AuditChainVerdict {
  return { entries, head, witnessedSeq };
}

function sentenceOf(verdict: AuditVerdict['verdict'], findings: readonly AuditFinding[], core: CheckedChain): string {
  if (verdict === 'broken') {
    const kinds = [...new Set(findings.map((found) => found.what))].join(', ');
    return `The audit log does not hold: ${findings.length} finding(s): ${kinds}.`;
  }
  if (verdict === 'consistent-only')
    return `All ${core.entries} entries fit together, but nobody other than the core vouches for them.`;
  const rest = core.entries - core.witnessedSeq;
  return `All ${core.entries} entries fit together and up to entry ${core.witnessedSeq} others saw them${
    rest > 0 ? `; the last ${rest} have only the core's word` : ''
  }.`;
}
