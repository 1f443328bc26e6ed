import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listOperations, type Operation, SESSION_SCHEME, TOKEN_SCHEME } from '#shared/contracts/rest/index.ts';
import { isoTime, randomId, systemClock, systemRandom } from '#shared/kernel/index.ts';
import { ensureParts } from '#world/cache/part.ts';
import { schemathesis, schemathesisPython } from '#world/cache/parts/schemathesis.ts';
import { appBody } from '../testing/app-body.ts';
import { SPOILS } from '../testing/spoilt-core.ts';
import { createTestDevice, type TestDevice } from '../testing/test-device.ts';
import { joinNode } from '../testing/test-node.ts';
import { startWatchedCore, type WatchedCore } from '../testing/watched-core.ts';

const deep = process.env.OVERSEER_DEEP === '1';
/** Made-up requests per operation, beside those that follow from its description by rule. */
const EXAMPLES = deep ? 400 : 8;
const SEED = process.env.OVERSEER_SEED ?? '1';
/** An answer that takes longer will not come any more, however busy this machine is. */
const ANSWER_SECONDS = 20;

/** These wait for something to happen, or do not end by themselves: only of them no answer says nothing. */
const opensEnded = ({ id, response }: Operation): boolean =>
  id.startsWith('wait') || response === 'events' || response === 'websocket';

const cleanUp: (() => unknown)[] = [];

beforeAll(() => ensureParts([schemathesis], console.log), 300_000);
afterAll(async () => {
  for (const one of cleanUp.reverse()) await one();
});

async function startCore(spoil?: (typeof SPOILS)[number]): Promise<WatchedCore> {
  const core = await startWatchedCore(spoil);
  cleanUp.push(() => core.dispose());
  return core;
}

/** A fleet with a node, an app and a job, so that there is something to ask about. */
async function bringUpFleet(core: WatchedCore) {
  const device = await createTestDevice({ port: () => core.running.httpPort, spki: core.folder.spki });
  cleanUp.push(() => device.close());
  await device.claim(core.setupSecret, isoTime(systemClock));
  await device.openSession();
  const node = await joinNode(core, device);
  const appId = randomId(systemRandom);
  const { header } = await device.deploy({ appId, node: node.identity.nodeId, body: appBody('web') });
  const { order, text: token, tokenId } = await device.signToken({ name: 'ci', verbs: ['read', 'deploy', 'stop'] });
  await device.call('addToken', { body: { order } });
  const job = (await device.call('listJobs')).json.jobs[0].jobId as string;
  return { device, token, ids: [node.identity.nodeId, appId, tokenId, job], hashes: [header] };
}

/** The document that the core serves, with ids of this fleet where a path asks for one. */
async function writeDocument(device: TestDevice, ids: readonly string[], hashes: readonly string[]): Promise<string> {
  const document = (await device.call('openapi')).json as {
    paths: Record<string, Record<string, { parameters: { name: string; in: string; schema: object }[] }>>;
  };
  const known: Record<string, readonly string[]> = {
    id: [...ids, randomId(systemRandom)],
    hash: [...hashes, 'a'.repeat(64)],
  };
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path)))
    for (const parameter of operation.parameters)
      if (parameter.in === 'path') parameter.schema = { type: 'string', enum: known[parameter.name] };
  const folder = mkdtempSync(join(tmpdir(), 'ov-openapi-'));
  cleanUp.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  return file;
}

/** What Schemathesis says after its requests: no line when each was answered, and by no fault of the core. */
async function ask(
  core: WatchedCore,
  about: {
    document: string;
    operations: readonly Operation[];
    credential?: string;
    phases?: string;
    answerSeconds?: number;
  },
): Promise<string[]> {
  const { document, operations, credential, phases = 'examples,coverage,fuzzing' } = about;
  const answerSeconds = about.answerSeconds ?? ANSWER_SECONDS;
  const argv = [
    ...['run', document, '--url', `https://127.0.0.1:${core.running.httpPort}`, '--tls-verify=false', '--no-color'],
    ...operations.flatMap(({ id }) => ['--include-operation-id', id]),
    ...['--checks', 'not_a_server_error', '--request-timeout', String(answerSeconds), '--phases', phases],
    ...['--max-examples', String(EXAMPLES), '--seed', SEED, '--generation-database', 'none', '--no-shrink'],
    ...['--suppress-health-check', 'all', '--continue-on-failure', '--warnings', 'off'],
    ...(credential === undefined ? [] : ['--header', `Authorization: ${credential}`]),
  ];
  const { code, text } = await runPython(argv, dirname(document));
  const made = /(\d+) generated/.exec(text)?.[1];
  if (code === 0 && Number(made) >= operations.length) {
    console.log(`${credential?.split(' ')[0] ?? 'a stranger'}: ${made} requests`, core.figures());
    return [];
  }
  return [`Schemathesis ended with ${code}:\n${text.slice(-6_000)}`];
}

/** In a folder of this run: Schemathesis keeps what it found beside it. */
function runPython(argv: readonly string[], cwd: string): Promise<{ code: number | null; text: string }> {
  const {
    argv: [python = '', ...first],
    env,
  } = schemathesisPython();
  const code = 'import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())';
  return new Promise((resolve) => {
    const child = spawn(python, [...first, '-c', code, ...argv], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
    child.on('error', (error) => resolve({ code: null, text: error.message }));
    child.on('close', (exit) => resolve({ code: exit, text }));
  });
}

describe('A8-25 A8-35: requests made from the OpenAPI document', () => {
  it('end, stop, swell and break nothing, whoever sends them', async () => {
    const core = await startCore();
    const { device, token, ids, hashes } = await bringUpFleet(core);
    const document = await writeDocument(device, ids, hashes);
    const all = listOperations().filter((one) => !opensEnded(one));
    core.watch();
    const callers = [
      { operations: all.filter(({ auth }) => auth === 'none') },
      { operations: all.filter(({ auth }) => auth === 'session'), credential: `${SESSION_SCHEME} ${device.session()}` },
      { operations: all.filter((one) => one.token === true), credential: `${TOKEN_SCHEME} ${token}` },
    ];
    for (const caller of callers) {
      const problems = await ask(core, { document, ...caller });
      expect([...problems, ...core.problems()]).toEqual([]);
    }
    expect((await device.call('readyz', { session: null })).status).toBe(200);
  }, 3_000_000);

  // Without these nobody would know whether the look above sees anything.
  it.each(SPOILS)(
    'a core that %s is noticed',
    async (spoil) => {
      const core = await startCore(spoil);
      const device = await createTestDevice({ port: () => core.running.httpPort, spki: core.folder.spki });
      cleanUp.push(() => device.close());
      const document = await writeDocument(device, [], []);
      core.watch();
      const operations = listOperations().filter(({ id }) => id === 'readyz');
      const problems = await ask(core, { document, operations, phases: 'fuzzing', answerSeconds: 2 });
      expect({ [spoil]: [...problems, ...core.problems()].join('\n') }).toEqual({
        [spoil]: expect.stringMatching(SIGNS[spoil]),
      });
    },
    120_000,
  );
});

const SIGNS: Record<(typeof SPOILS)[number], RegExp> = {
  spins: /stood still for \d{3} ms at GET \/readyz/,
  swells: /took \d{2,3} MB more/,
  ends: /the core ended with 3/,
  fails: /Schemathesis ended with 1:[\s\S]*Server error/,
  'is silent': /Schemathesis ended with 1:[\s\S]*timed out/,
};
