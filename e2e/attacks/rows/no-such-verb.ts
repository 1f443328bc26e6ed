import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coreToNodeSchema } from '#shared/contracts/link/messages.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { newId, signCommand } from '../evil/orders.ts';
import { makeDevice } from '../evil/stolen-device.ts';
import type { AttackRow, Verdict } from '../row.ts';
import { type FleetStage, LINK_PORT } from '../world/fleet-world.ts';
import { type Canary, findInText, nodeCanaries } from './canaries.ts';

/** What a greedy core would ask for, beside every type that the contract has. */
const WISHES = [
  'read-file',
  'exec',
  'terminal',
  'shell',
  'get-secret',
  'secrets',
  'env',
  'eval',
  'download',
  'identity',
];
const LISTEN_MS = 3_000;
const HOST_CANARY = 'canary-of-the-host-71c4e09b';

const contractTypes = coreToNodeSchema.options.map((option) => option.shape.type.value);

const oneTimeKey = (): string => randomBytes(32).toString('base64url');

/**
 * One message of every type, each with all that any type may hold: an order that nobody of the fleet signed, paths of the
 * host, programs to run. Their shapes follow the contract, so that none ends the link before the next.
 */
async function everyMessage(stage: FleetStage, node: string, paths: object): Promise<object[]> {
  const stranger = await makeDevice('stranger');
  const { message, hash } = await signCommand({ trust: stage.disks.trust, by: stranger, node, session: newId() });
  const { envelope } = message;
  const orders = { job: newId(), appId: newId(), chain: [envelope], body: '', objects: [], envelope, entries: [] };
  const names = { hash, command: hash, header: hash, node: stage.disks.nodeIds.b, nonce: newId(), data: null };
  const counts = { version: VERSION, coreAuditHead: null, nodeAuditSeq: 0, frames: 1, seq: 0 };
  const asToken = { tokenId: newId(), args: { tail: 100, follow: false }, replyKey: oneTimeKey() };
  const all = { ...orders, ...names, ...counts, ...asToken, ...paths };
  return [...contractTypes, ...WISHES].map((type) => ({ type, ...all }));
}

/** Sends all of it, and searches all that comes back for what is on the disk of the node. */
async function askForAll(stage: FleetStage, node: { id: string; disk: string }): Promise<Verdict> {
  const evil = await stage.evilCore();
  const hostFile = join(stage.folder, 'host-file');
  writeFileSync(hostFile, HOST_CANARY);
  const canaries: Canary[] = [...nodeCanaries(node.disk), { name: 'a file of the host', text: HOST_CANARY }];
  const since = evil.mark();
  const paths = { path: hostFile, file: hostFile, name: 'identity.json', argv: ['cat', hostFile] };
  const messages = await everyMessage(stage, node.id, paths);
  for (const message of messages) evil.sendText(node.id, JSON.stringify(message));
  await new Promise((resolve) => setTimeout(resolve, LISTEN_MS));
  if (evil.hungUpSince(node.id, since)) throw new Error('the node hung up before it had heard all');
  const found = findInText(evil.textSince(since), canaries);
  const saw = `${messages.length} messages; ${found.join(', ') || `none of ${canaries.length} came back`}`;
  return { took: found.length > 0, saw };
}

/** A8-18. */
export const noSuchVerb: AttackRow<FleetStage> = {
  id: 18,
  attacks: [
    {
      name: 'every type of message there is, and those that a core would wish for',
      checks: [],
      async run(stage) {
        const node = await stage.node('a');
        const before = node.look();
        const verdict = await askForAll(stage, node);
        const done = node.look().audit.slice(before.audit.length);
        const taken = done.filter(({ action }) => action === 'command' || action === 'accepted');
        if (node.look().stateHash !== before.stateHash) throw new Error('the disk of the node has changed');
        return { ...verdict, took: verdict.took || taken.length > 0 };
      },
    },
  ],
  honest: [
    {
      name: 'a signed command gets its sealed answer',
      async run(stage) {
        const { trust, owner } = stage.disks;
        const node = await stage.node('a');
        const about = { trust, by: owner, node: node.id, session: node.session() };
        const { message, hash } = await signCommand(about);
        return node.deliver(message, hash);
      },
    },
  ],
  controls: [
    {
      name: 'evil-node tells all, and the same search hears it',
      async run(stage) {
        const id = stage.disks.nodeIds.a;
        const disk = stage.disks.nodes.a;
        const evil = await stage.evilCore();
        const since = evil.mark();
        const file = fileURLToPath(new URL('../evil/node.ts', import.meta.url));
        const argv = [process.execPath, '--no-warnings', file, stage.disks.host, String(LINK_PORT), disk, id];
        stage.start(argv, 'evil-node');
        await evil.hear(id, (message) => (message.type === 'hello' ? true : undefined), { since });
        return askForAll(stage, { id, disk });
      },
    },
  ],
};
