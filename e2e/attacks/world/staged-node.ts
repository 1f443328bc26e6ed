import { cpSync, rmSync } from 'node:fs';
import type { CoreToNode, NodeToCore } from '#shared/contracts/link/messages.ts';
import type { Running } from '#world/world.ts';
import { eventually } from '../../journeys/fleet.ts';
import { signStatement, type TrustState, trustOf } from '../evil/orders.ts';
import type { EvilCore } from '../evil/start-core.ts';
import type { OpenDevice } from '../evil/stolen-device.ts';
import type { Verdict } from '../row.ts';
import { type AuditLine, type NodeDisk, type OwnHead, readLine, readNodeDisk } from './node-disk.ts';

type Outcome = Extract<NodeToCore, { type: 'outcome' }>;

/** A node of the built product over a copied disk, held by evil-core. */
export interface StagedNode {
  readonly id: string;
  readonly disk: string;
  /** The session of its present start. */
  session(): string;
  /** The head of its trust log as it told at its present start. */
  trustHead(): string;
  look(): NodeDisk;
  running(): Running;
  /** Where it keeps opened secrets, as this process can reach it. */
  memoryFolder(): string;
  /** Ends the agent and starts it again; resolves when it has greeted evil-core. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Ends the agent, puts the disk back to what it was, and starts it again. Nobody answers what is newest. */
  putBack(): Promise<void>;
  /** Copies the disk of the stopped agent: what `putBack` puts back from now on. */
  keepImage(): Promise<void>;
  /** Its newest own entry. */
  chainHead(): OwnHead;
  trust(): Promise<TrustState>;
  /** A device of the owner that knows this head, and this log, answers the open question, with what effect ever. */
  hearStatement(seen: OwnHead & { trust?: TrustState; goOn?: boolean }): Promise<void>;
  /** Moves the clock of a node that was started with one that can be moved. */
  setClock(clock: string): void;
  /** Delivers an order and judges by the node's disk and chain whether it was taken. */
  deliver(order: CoreToNode, hash: string): Promise<Verdict>;
  /** Delivers many orders at once: taken when any of them was. */
  deliverAll(orders: readonly { order: CoreToNode; hash: string }[]): Promise<Verdict>;
  /** Gives further entries of the trust log; resolves when the node holds as many. */
  teach(entries: readonly unknown[]): Promise<void>;
}

/** Actions of the node's chain that say an order was taken. */
const TAKEN = new Set(['accepted', 'command']);
const PATIENCE_MS = 15_000;

/** Starts the node and waits until it has greeted evil-core. */
export async function createStagedNode(about: {
  id: string;
  disk: string;
  /** What the disk was copied from. */
  image: string;
  evil: EvilCore;
  /** The owner's device that is reached beside evil-core, and says after each start what is newest. */
  witness: OpenDevice;
  /** Its folder of opened secrets; a mount of its own. */
  memory: string;
  start(): Running;
  setClock(clock: string): void;
}): Promise<StagedNode> {
  const { id, disk, evil, witness, start } = about;
  let { image } = about;
  const look = () => readNodeDisk(disk);
  let running: Running;
  let session = '';
  let trustHead = '';
  let nonce = '';
  const trust = async () => {
    const { fleet, trust: entries } = look();
    return trustOf(fleet, entries);
  };
  const tell = async (seen: OwnHead & { trust?: TrustState; goOn?: boolean }) => {
    const goOn = seen.goOn ? look().head.head : null;
    const known = { trust: seen.trust ?? (await trust()), chain: { head: seen.head, seq: seen.seq } };
    evil.send(id, {
      type: 'statement',
      envelope: await signStatement({ ...known, by: witness, node: id, nonce, goOn }),
    });
  };
  const vouch = async () => {
    const since = evil.mark();
    await tell(look().head);
    const free = await evil.hear(id, (message) => (isFree(message) ? true : undefined), { since });
    if (!free) throw new Error(`an honest word did not end the hold:\n${running.log()}`);
  };
  const begin = async (isVouchedFor = true) => {
    const since = evil.mark();
    running = start();
    const hello = await evil.hear(id, (message) => (message.type === 'hello' ? message : undefined), { since });
    if (hello === undefined) throw new Error(`the node did not greet evil-core:\n${running.log()}`);
    session = hello.session;
    trustHead = hello.trustHead;
    const asked = await evil.hear(id, questionOf, { since });
    if (asked === undefined) throw new Error('the node did not ask what is newest');
    nonce = asked;
    if (isVouchedFor) await vouch();
  };
  const stop = async (signal: NodeJS.Signals = 'SIGKILL') => {
    running.kill(signal);
    await running.exited;
  };
  await begin();
  return {
    id,
    disk,
    session: () => session,
    trustHead: () => trustHead,
    look,
    running: () => running,
    memoryFolder: () => `/proc/${running.pid}/root${about.memory}`,
    stop,
    async restart(signal) {
      await stop(signal);
      await begin();
    },
    async putBack() {
      await stop();
      rmSync(disk, { recursive: true });
      cpSync(image, disk, { recursive: true });
      // Whoever is honest knows more of this node than it does now: nobody ends its hold.
      await begin(false);
    },
    async keepImage() {
      await stop();
      image = `${disk}-kept`;
      cpSync(disk, image, { recursive: true });
      await begin();
    },
    chainHead: () => look().head,
    trust,
    async hearStatement(seen) {
      const since = evil.mark();
      await tell(seen);
      // The next word of the node about its hold comes when it has judged what was said.
      await evil.hear(id, (message) => (message.type === 'holding' ? true : undefined), { since });
    },
    setClock: about.setClock,
    async deliver(order, hash) {
      const before = look();
      const seen = new Set(before.audit.map(({ seq }) => seq));
      const since = evil.mark();
      const from = performance.now();
      evil.send(id, order);
      const hear = (from: number) =>
        evil.hear(id, (message) => answerOf(message, hash, seen), { since: from, timeoutMs: PATIENCE_MS });
      let answer = await hear(since);
      if (answer === ASKS_FOR_MORE) {
        // There is no more: the same again is all that such a core can answer.
        const asked = evil.mark();
        evil.send(id, order);
        answer = await hear(asked);
      }
      const tookMs = performance.now() - from;
      return judge({ before, after: await settled(look, before, hash), answer, hash, tookMs });
    },
    async deliverAll(orders) {
      const before = look();
      const from = performance.now();
      for (const { order } of orders) evil.send(id, order);
      const hashes = new Set(orders.map(({ hash }) => hash));
      const lines = await eventually('a line in the chain for every order', async () => {
        const own = look()
          .audit.slice(before.audit.length)
          .filter(({ order }) => order !== null && hashes.has(order));
        return new Set(own.map(({ order }) => order)).size === hashes.size ? own : undefined;
      });
      const taken = lines.filter(({ action }) => TAKEN.has(action)).length;
      if (taken === 0 && look().stateHash !== before.stateHash)
        throw new Error('none was taken, but the disk has changed');
      const perOrderMs = (performance.now() - from) / orders.length;
      return { took: taken > 0, saw: `${taken} of ${orders.length} taken`, refusalMs: taken > 0 ? [] : [perOrderMs] };
    },
    async teach(entries) {
      const wanted = look().trust.length + entries.length;
      evil.send(id, { type: 'trust', entries: entries as never });
      await eventually('the taught entries on the disk', async () =>
        look().trust.length >= wanted ? true : undefined,
      );
    },
  };
}

const questionOf = (message: NodeToCore): string | undefined =>
  message.type === 'holding' ? (message.hold.nonce ?? undefined) : undefined;

const isFree = (message: NodeToCore): boolean => message.type === 'holding' && !message.hold.holding;

/** It is kept until somebody has said what is newest: neither taken nor refused. */
const HELD = 'held back';
const ASKS_FOR_MORE = 'asks for the headers between';

/** The first word of a node about an order: the refusal, or that it goes on with it. */
function answerOf(message: NodeToCore, hash: string, seen: ReadonlySet<number>): string | undefined {
  if (message.type === 'need-chain') return ASKS_FOR_MORE;
  if (message.type === 'outcome' && message.header === hash) return outcomeText(message);
  if (message.type === 'step' && message.header === hash && message.step === 'verify' && message.state === 'done')
    return 'verified';
  if (message.type === 'step' && message.header === hash && message.text.startsWith('waits: ')) return HELD;
  if (
    message.type === 'audit' &&
    message.entries.map(readLine).some((line) => isUnreadable(line) && !seen.has(line.seq))
  )
    return 'refused: no envelope';
  if (message.type !== 'command-result' || message.command !== hash) return undefined;
  return message.ok ? 'command done' : `refused: ${message.fault?.code}`;
}

const outcomeText = ({ outcome, fault }: Outcome) => `${outcome}${fault ? `: ${fault.code}` : ''}`;

/** The chain grows before the answer leaves; only a message that was dropped leaves nothing to wait for. */
async function settled(look: () => NodeDisk, before: NodeDisk, hash: string): Promise<NodeDisk> {
  const end = performance.now() + 1_000;
  for (;;) {
    const now = look();
    if (newLines(before, now, hash).length > 0 || performance.now() > end) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const newLines = (before: NodeDisk, after: NodeDisk, hash: string): AuditLine[] =>
  after.audit.slice(before.audit.length).filter((line) => line.order === hash || isUnreadable(line));

/** What is no envelope has no name: its line names none. */
const isUnreadable = ({ action, order }: Pick<AuditLine, 'action' | 'order'>) => action === 'refused' && order === null;

/** Taken: the chain says so. Refused: the chain says so in one line, and nothing else of the disk has changed. */
function judge(about: {
  before: NodeDisk;
  after: NodeDisk;
  answer: string | undefined;
  hash: string;
  tookMs: number;
}): Verdict {
  const { before, after, answer, hash, tookMs } = about;
  const lines = newLines(before, after, hash);
  const actions = lines.map(({ action, detail }) => `${action} ${detail.fault ?? ''}`.trim());
  const saw = `answer ${answer ?? 'none'}; chain ${actions.join(', ') || 'silent'}`;
  if (lines.some(({ action }) => TAKEN.has(action))) return { took: true, saw };
  if (after.stateHash !== before.stateHash) throw new Error(`it was not taken, but the disk has changed: ${saw}`);
  const known = answer === HELD;
  if (!known && lines.length !== 1) throw new Error(`a refusal leaves one line in the chain: ${saw}`);
  return { took: false, saw, refusalMs: [tookMs] };
}
