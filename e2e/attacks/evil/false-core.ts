/**
 * A core that lets every node in by a log of its own: a process with the TLS key of the real core, or of none, that answers
 * the three calls of a joining node. Its fleet begins with a genesis that no token names.
 */
import { createServer } from 'node:https';
import { randomId, systemRandom, utf8ToText } from '#shared/kernel/index.ts';
import {
  applyTrustEntries,
  createTrustState,
  type Envelope,
  signTrustEntry,
  type TrustEntry,
} from '#shared/trust/index.ts';
import { type EvilCoreStart, startedWith } from './core-channel.ts';
import { makeDevice } from './stolen-device.ts';

const start = await startedWith<EvilCoreStart & { readonly tlsSpki: string }>();
const owner = await makeDevice('of the thief');
const spare = await makeDevice('spare');
let state = createTrustState();
await sign({
  kind: 'genesis',
  fleetName: 'attacked',
  person: { personId: randomId(systemRandom), name: 'owner', role: 'owner' },
  device: {
    deviceId: owner.deviceId,
    name: owner.name,
    kind: 'cli',
    signKey: owner.publicKey,
    ageRecipient: owner.ageRecipient,
  },
  recovery: { signKey: spare.publicKey, ageRecipient: spare.ageRecipient },
  core: {
    tlsSpki: start.tlsSpki,
    addresses: [{ host: start.host, httpPort: start.port, linkPort: start.port + 1 }],
    epoch: 1,
  },
});

async function sign(entry: TrustEntry): Promise<Envelope> {
  const about = { at: new Date().toISOString(), auditHead: null };
  const envelope = await signTrustEntry(state, entry, owner.signer, about);
  const applied = await applyTrustEntries(state, [envelope]);
  if (!applied.ok) throw new Error(applied.error.message);
  state = applied.value.state;
  return envelope;
}

async function answer(path: string, body: Uint8Array): Promise<object> {
  if (path === '/healthz') return { status: 'ok' };
  const said = body.length === 0 ? {} : (JSON.parse(utf8ToText(body)) as { request?: string });
  if (path === '/api/v1/enrolments/wait') return { status: 'joined', trust: state.entries };
  const { node } = JSON.parse(said.request ?? '{}') as { node: never };
  await sign({ kind: 'add-node', node });
  return { enrolment: randomId(systemRandom) };
}

const https = createServer({ key: start.tlsKey, cert: start.tlsCert }, async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = JSON.stringify(await answer(request.url ?? '', Buffer.concat(parts)));
  response.writeHead(200, { 'content-type': 'application/json' }).end(text);
});
process.on('disconnect', () => process.exit(0));
https.listen(start.port, start.host, () => process.send?.({ on: 'listening' }));
