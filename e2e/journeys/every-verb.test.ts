import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, type Running, startWorld, type World } from '#world/world.ts';
import {
  bringUpFleet,
  type CliAnswer,
  createLabFleet,
  eventually,
  type LabFleet,
  logShows,
  ownerCommand,
  productFolder,
} from './lab-fleet.ts';

interface Entry {
  at: string;
  action: string;
  actor: { kind: string };
}

interface Fault {
  code: string;
  kind: string;
  message: string;
  next: string;
}

/** How one verb is run, in the order of the walk: later cases stand on what earlier ones made. */
interface Walk {
  args: () => string[] | Promise<string[]>;
  /** The exit code (docs/cli.md); 0 when absent. */
  exit?: number;
  /** Prints JSON lines instead of one document. */
  streams?: true;
  /** What a person sees when nothing is left out: run again without --json and look for this. */
  plain?: RegExp;
  before?: () => Promise<unknown>;
  after?: () => Promise<unknown>;
  /** Another home. */
  home?: () => string;
  /** The device of that home is of another fleet: its audit is there. */
  elsewhere?: true;
  /** Refused on the device: the core hears nothing of it. */
  unheard?: true;
  /** Actions that may stand beside its own: the edit before an order, a look at the node before a plan. */
  also?: readonly string[];
}

const COMPOSE = `services:
  web:
    image: lab/web:1
    environment: { GREETING: "\${GREETING:-none}" }
    volumes: [data:/data]
volumes:
  data: {}
`;
const HOST = 'web.lab.example';
const EDITS = ['rows.push', 'object.put'] as const;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

let world: World;
let fleet: LabFleet;
let otherHome = '';
const jobs = { failed: '', queued: '', any: '' };
let intent = '';
let proposal = '';

const change = { timeoutMs: 180_000 };
const deploy = async (name: string, image: string, ...args: string[]) => {
  const file = await fleet.memoryFile(`${name}.yaml`, `services:\n  web:\n    image: ${image}\n`);
  return fleet.cli(['apps', 'deploy', name, '--compose', file, '--yes', '--json', ...args], change);
};
const jobOf = (answer: CliAnswer) => (answer.lines.at(-1) as { id: string }).id;
const stopCore = async () => {
  fleet.core().kill('SIGTERM');
  await fleet.core().exited;
};

/** Asks as the holder of an API token, from a home that is no device, and leaves at once. */
async function propose(variable: string): Promise<void> {
  const { environment } = await fleet.ask<{ environment: Record<string, string> }>(['tokens', 'add', 'robot']);
  const env = { OVERSEER_HOME: join(world.hubFolder, 'no-device'), ...environment };
  const asked = await fleet.cli(['apps', 'deploy', 'web', '--env', variable, '--no-wait', '--json'], { env });
  expect(asked.code, asked.stdout + asked.stderr).toBe(75);
  proposal = (asked.lines.at(-1) as { proposal: { id: string } }).proposal.id;
}

/** Another core beside the fleet's, for the one verb that works once per core. */
async function startOtherCore(): Promise<string> {
  const data = join(world.hubFolder, 'other-core');
  otherHome = join(world.hubFolder, 'other-home');
  const program = ownerCommand(fleet, []).argv;
  const address = `${lab.hub.ipv4}:9443:9444`;
  const init = await world.exec('hub', [...program, 'core', 'init', '--data', data, '--address', address, '--json']);
  const ports = ['--http-port', '9443', '--link-port', '9444'];
  const core = await world.spawn(
    'hub',
    [...program, 'core', 'start', '--data', data, '--host', lab.hub.ipv4, ...ports],
    {
      name: 'other-core',
    },
  );
  await logShows(core, /ready in \d+ ms/);
  return fleet.memoryFile('other-code', (JSON.parse(init.stdout) as { setupCode: string }).setupCode);
}

/** A server of the other fleet: it joins, and never starts. */
async function joinOtherNode(): Promise<void> {
  const env = { OVERSEER_HOME: otherHome };
  const made = await fleet.cli(['nodes', 'token', '--no-wait', '--name', 'spare', '--json'], { env });
  const { token } = made.lines.at(-1) as { token: string };
  const { argv, env: ownEnv } = ownerCommand(fleet, ['nodes', 'token', '--resume']);
  const admitting = await world.spawn('hub', argv, { name: 'admit-spare', env: { ...ownEnv, ...env } });
  const join = ['node', '/opt/overseer/overseer.mjs', 'node', 'join', token];
  const joined = await world.exec('n1', join, { env: { OVERSEER_NODE_DATA: '/tmp/spare' } });
  expect(joined.code, joined.stdout + joined.stderr).toBe(0);
  // It would wait for a first heartbeat that never comes.
  admitting.kill('SIGINT');
  await admitting.exited;
}

const joins = new Map<string, Running>();
const joining = (name: string): Running => {
  const found = joins.get(name);
  if (!found) throw new Error(`${name} does not join`);
  return found;
};

async function joinArguments(): Promise<string[]> {
  const { core } = await fleet.ask<{ core: { tlsSpki: string } }>(['device', 'show']);
  return [fleet.coreUrl, '--fingerprint', core.tlsSpki];
}

/** A further device that asks to join and waits for its approval. */
async function beginJoin(name: string): Promise<void> {
  const args = ['device', 'join', ...(await joinArguments()), '--name', name, '--json'];
  const { argv, env } = ownerCommand(fleet, args);
  const home = { OVERSEER_HOME: join(world.hubFolder, `home-${name}`) };
  joins.set(name, await world.spawn('hub', argv, { name: `join-${name}`, env: { ...env, ...home } }));
  await logShows(joining(name), /"type":"asked"/);
}

/** A named pipe that gets the code as soon as the joining device shows it: what a person does with eyes and hands. */
async function pipeOfCode(name: string): Promise<string> {
  const path = `/run/owner/code-of-${name}`;
  const made = await world.exec('hub', ['mkfifo', path]);
  expect(made.code, made.stderr).toBe(0);
  void logShows(joining(name), /"code":"[0-9A-Z-]+"/).then(() => {
    const code = /"code":"([0-9A-Z-]+)"/.exec(joining(name).log())?.[1] ?? '';
    return world.exec('hub', ['sh', '-c', `echo ${code} > ${path}`]);
  });
  return path;
}

const walks: Record<string, Walk> = {
  'device claim': {
    args: async () => {
      const code = await startOtherCore();
      const core = `https://${lab.hub.ipv4}:9443`;
      const more = ['--link-port', '9444', '--recovery-file', '/run/owner/other-words'];
      return ['--core', core, '--code-file', code, '--name', 'laptop', '--fleet-name', 'other', ...more];
    },
    home: () => otherHome,
    elsewhere: true,
  },
  'device approve': {
    before: () => beginJoin('tablet'),
    args: async () => ['tablet', '--code-file', await pipeOfCode('tablet')],
    streams: true,
    also: ['device.answer', 'device.reveal'],
    after: async () => {
      expect((await joining('tablet').exited).code).toBe(0);
    },
  },
  // With a wrong code the owner's device refuses, so the join ends as a refusal.
  'device join': {
    args: async () => {
      const wrong = await fleet.memoryFile('wrong-code', '0000-0000');
      void eventually('the request is there', async () => {
        const { requests } = await fleet.ask<{ requests: { name: string }[] }>(['device', 'list']);
        return requests.some(({ name }) => name === 'phone') ? true : undefined;
      }).then(() => fleet.cli(['device', 'approve', 'phone', '--code-file', wrong, '--json']));
      return [...(await joinArguments()), '--name', 'phone'];
    },
    home: () => join(world.hubFolder, 'home-phone'),
    streams: true,
    exit: 3,
    also: ['device.answer', 'device.reveal'],
  },
  // Refused like the join: what such a device does once it is in stands in automation.test.ts.
  'device request': {
    args: async () => {
      const wrong = await fleet.memoryFile('wrong-code', '0000-0000');
      void eventually('the request is there', async () => {
        const { requests } = await fleet.ask<{ requests: { name: string }[] }>(['device', 'list']);
        return requests.some(({ name }) => name === 'ci') ? true : undefined;
      }).then(() => fleet.cli(['device', 'approve', 'ci', '--code-file', wrong, '--json']));
      return ['--automation', ...(await joinArguments()), '--name', 'ci'];
    },
    home: () => join(world.hubFolder, 'home-ci'),
    streams: true,
    exit: 3,
    also: ['device.answer', 'device.reveal'],
  },
  'device list': { args: () => [], plain: /tablet .*owner/ },
  'device show': { args: () => [], plain: /fleet/i },
  'nodes token': { args: () => ['--no-wait', '--name', 'attic', '--expires', '5'], plain: /overseer node join ov1_/ },
  // The first look at the node since it started: this device says what is newest.
  'nodes list': { args: () => [], plain: /n1 .*online/, also: ['node.vouch'] },
  'nodes show': { args: () => ['n1'], plain: /n1/ },
  'device rename': { args: () => ['tablet', 'old tablet'] },
  'people add': { args: () => ['Bob', '--role', 'viewer'] },
  'people list': { args: () => [], plain: /Bob .*viewer/ },
  'recovery renew': {
    args: () => ['--recovery-file', fleet.recoveryFile, '--new-file', '/run/owner/new-words'],
    also: EDITS,
  },
  'grants add': { args: () => ['Bob', '--verb', 'logs', '--node', 'n1', '--expires', '30'] },
  'grants list': { args: () => [], plain: /Bob .*operator .*verbs logs/ },
  'grants remove': {
    args: async () => {
      const { grants } = await fleet.ask<{ grants: { grantId: string }[] }>(['grants', 'list']);
      return [grants[0]?.grantId ?? ''];
    },
  },
  // One owner's device more than the tablet: two may be asked for, both must say so, and both must lower it.
  'people threshold': { args: () => ['2'] },
  'people confirm': {
    args: () => ['2', '--confirm', '2'],
    home: () => join(world.hubFolder, 'home-tablet'),
    after: async () => {
      await fleet.ask(['people', 'threshold', '1']);
      const env = { OVERSEER_HOME: join(world.hubFolder, 'home-tablet') };
      const lowered = await fleet.cli(['people', 'confirm', '1', '--confirm', '1', '--json'], { env });
      expect(lowered.code, lowered.stdout).toBe(0);
    },
  },
  'people revoke': { args: () => ['Bob', '--confirm', 'Bob'] },
  // The tablet revokes the device that let it in, which is elder and has the last word.
  'device answer': {
    before: async () => {
      const { name } = await fleet.ask<{ name: string }>(['device', 'show']);
      const env = { OVERSEER_HOME: join(world.hubFolder, 'home-tablet') };
      const ended = await fleet.cli(['device', 'revoke', name, '--confirm', name, '--json'], { env });
      expect(ended.code, ended.stdout).toBe(0);
    },
    args: () => ['old tablet', '--confirm', 'old tablet'],
  },
  'device revoke': {
    before: async () => {
      await beginJoin('watch');
      const code = await pipeOfCode('watch');
      await fleet.cli(['device', 'approve', 'watch', '--code-file', code, '--json']);
      expect((await joining('watch').exited).code).toBe(0);
    },
    args: () => ['watch', '--confirm', 'watch'],
    after: async () => {
      const home = join(world.hubFolder, 'home-watch');
      const refused = await fleet.cli(['apps', 'list', '--json'], { env: { OVERSEER_HOME: home } });
      expect([refused.code, refused.stdout]).toEqual([3, expect.stringContaining('trust.revoked')]);
    },
  },
  // In the other fleet, whose only server may go.
  // It holds no more than it should: there is nothing to let it go on without.
  'nodes go-on': { args: () => ['n1', '--confirm', 'n1'], exit: 3, unheard: true },
  'nodes revoke': {
    before: joinOtherNode,
    args: () => ['spare', '--confirm', 'spare'],
    home: () => otherHome,
    elsewhere: true,
  },
  // The first device of the other fleet stays: its audit is read at the end.
  'device recover': {
    args: async () => {
      const env = { OVERSEER_HOME: otherHome };
      const shown = await fleet.cli(['device', 'show', '--json'], { env });
      const { core } = shown.lines.at(-1) as { core: { tlsSpki: string } };
      const at = [`https://${lab.hub.ipv4}:9443`, '--link-port', '9444', '--fingerprint', core.tlsSpki];
      const words = ['--recovery-file', '/run/owner/other-words', '--confirm', 'other'];
      return [...at, ...words, '--keep', 'laptop', '--name', 'new-laptop'];
    },
    home: () => join(world.hubFolder, 'home-new-laptop'),
    elsewhere: true,
  },
  'ingress enable': {
    args: () => ['--node', 'n1', '--no-acme', '--public-address', world.node.ipv4, '--yes'],
    also: [...EDITS, 'command.send'],
  },
  'integrations cloudflare set': {
    args: async () => {
      const token = await fleet.memoryFile('cloudflare-token', world.cloudflare.token);
      return ['--node', 'n1', '--token-file', token, '--base-url', world.cloudflare.url, '--yes'];
    },
    also: EDITS,
  },
  'integrations cloudflare test': { args: () => ['--node', 'n1'], plain: /lab\.example/ },
  'apps plan': {
    args: async () => {
      const compose = await fleet.memoryFile('web.yaml', COMPOSE);
      const secret = await fleet.memoryFile('pin', '4711-is-the-pin');
      const route = ['--host', HOST, '--service', 'web', '--port', '8080', '--tls', 'off'];
      const use = ['--secret-file', `pin=${secret}`, '--secret-use', 'pin=web:/run/pin'];
      return ['web', '--compose', compose, '--node', 'n1', ...route, ...use];
    },
    also: EDITS,
    plain: /Plan for web on n1/,
  },
  'apps deploy': { args: () => ['web', '--yes'], also: EDITS },
  'apps list': { args: () => [], plain: /web/ },
  'apps show': { args: () => ['web'], plain: /web/ },
  'apps logs': { args: () => ['web', '--tail', '5'], streams: true, plain: /web .*listens on 8080/ },
  'secrets set': {
    args: async () => ['web', 'pin', '--file', await fleet.memoryFile('pin-2', '0815-is-the-pin')],
    also: ['object.put'],
    plain: /n1 runs version 1 until the app is deployed there/,
  },
  'secrets list': { args: () => ['web'], plain: /pin .*n1: deploy again: version 1 runs/ },
  // What was revoked so far was gone before there was a secret.
  'secrets exposed': { args: () => [], plain: /^Nothing: / },
  'secrets generate': {
    args: () => ['web', 'key', '--use', 'web:/run/key'],
    also: ['object.put'],
    after: () => fleet.ask(['secrets', 'set', 'web', 'pin', '--file', '/run/owner/pin'], 180_000),
  },
  // Taken back at once, so that what follows has the values it knows.
  'secrets rotate': {
    args: () => ['web', 'pin', '--yes'],
    also: ['object.put'],
    before: () => fleet.ask(['apps', 'deploy', 'web', '--yes'], 180_000),
    plain: /web: pin: n1 runs version \d+ until the app is deployed there[\s\S]*overseer apps deploy web/,
    after: async () => {
      const due = await fleet.ask<{ name: string; places: { status: string }[] }[]>(['secrets', 'list', 'web']);
      expect(due.find(({ name }) => name === 'pin')?.places.map(({ status }) => status)).toEqual(['old']);
      await fleet.ask(['secrets', 'rotate', 'web', 'pin', '--undo']);
      const back = await fleet.ask<{ name: string; places: { status: string }[] }[]>(['secrets', 'list', 'web']);
      expect(back.find(({ name }) => name === 'pin')?.places.map(({ status }) => status)).toEqual(['current']);
      const again = await fleet.cli(['secrets', 'rotate', 'web', 'pin', '--undo', '--json']);
      expect([again.code, again.stdout]).toEqual([3, expect.stringContaining('secret.nothing-to-undo')]);
    },
  },
  'secrets reveal': { args: () => ['web', 'pin'], plain: /^4711-is-the-pin$/m },
  'secrets reseal': { args: () => [], also: ['object.put'] },
  'routes list': { args: () => [], plain: /web\.lab\.example/ },
  'apps rollback': {
    before: () => fleet.ask(['apps', 'deploy', 'web', '--env', 'GREETING=hello', '--yes'], 180_000),
    args: () => ['web', '--to', '1', '--yes'],
    also: EDITS,
  },
  'apps stop': { args: () => ['web', '--yes'], also: EDITS },
  'apps start': { args: () => ['web', '--yes'], also: EDITS },
  'exceptions add': {
    args: () => ['web', 'capability', 'NET_RAW', '--service', 'web', '--reason', 'it pings', '--yes'],
    also: EDITS,
  },
  'exceptions list': { args: () => ['web'], plain: /web +n1 +capability +web +NET_RAW +in force +it pings/ },
  'exceptions remove': { args: () => ['web', 'capability', 'NET_RAW', '--service', 'web', '--yes'], also: EDITS },
  'nodes open': {
    before: () => world.exec('n1', ['mkdir', '-p', '/srv/media']),
    args: () => ['folder', 'media', '/srv/media', '--node', 'n1', '--read-only', '--yes'],
    also: EDITS,
  },
  'nodes close': { args: () => ['folder', 'media', '--node', 'n1', '--yes'], also: EDITS },
  'tokens add': { args: () => ['ci', '--verb', 'read', '--app', 'web', '--node', 'n1', '--expires', '5'] },
  'tokens list': { args: () => [], plain: /ci .*active .*read/ },
  'tokens revoke': { args: () => ['ci'] },
  'proposals list': {
    before: () => propose('GREETING=ci'),
    args: () => [],
    plain: /awaiting-signature .*deploy .*robot/,
  },
  'proposals show': { args: () => [proposal], plain: /GREETING = ci/ },
  'proposals accept': { args: () => [proposal, '--yes'], also: EDITS },
  'proposals decline': {
    before: () => propose('GREETING=no'),
    args: () => [proposal, '--reason', 'not on a Friday'],
  },
  'jobs list': {
    before: async () => {
      jobs.failed = jobOf(await deploy('ghost', 'lab/none:9'));
    },
    args: () => ['--state', 'failed', '--app', 'ghost', '--limit', '5'],
    plain: /ghost/,
  },
  'jobs show': { args: () => [jobs.failed], plain: /lab\/none:9/ },
  // The node judged this job, so the same bytes must not go out again: the refusal is what stands in the audit.
  'jobs retry': { args: () => [jobs.failed], exit: 3 },
  'jobs cancel': {
    before: async () => {
      fleet.node().kill('SIGTERM');
      await fleet.node().exited;
      jobs.queued = jobOf(await deploy('later', 'lab/web:1', '--no-wait'));
    },
    args: () => [jobs.queued],
    after: () => fleet.startNode(),
  },
  'outbox list': {
    before: async () => {
      await stopCore();
      const kept = await deploy('offline', 'lab/web:1');
      expect(kept.code, kept.stdout + kept.stderr).toBe(75);
      intent = (kept.lines.at(-1) as { intent: { id: string } }).intent.id;
    },
    args: () => [],
    plain: /deploy offline/,
  },
  'outbox discard': {
    args: () => [intent],
    after: async () => {
      await fleet.startCore();
      await eventually('the node is back', async () => {
        const [node] = await fleet.ask<{ status: string }[]>(['nodes', 'list']);
        return node?.status === 'online' ? true : undefined;
      });
    },
  },
  'apps remove': {
    args: () => ['web', '--delete-data', '--confirm', 'web', '--yes'],
    also: [...EDITS, 'command.send'],
  },
  'audit list': { args: () => ['--limit', '3'], plain: /session\.open/ },
  'audit export': { args: () => [], streams: true },
  'trust export': { args: async () => [await fleet.memoryFile('trust.jsonl', '')], plain: /entries in/ },
  'audit verify': { args: () => [], plain: /\w/ },
};

/** Every verb of the product with its audit action, from the page that is made of its table. */
function documentedVerbs(): Map<string, string | null> {
  const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const found = new Map<string, string | null>();
  for (const section of page.split(/^### overseer /m).slice(1)) {
    const path = /^[a-z]+(?: [a-z-]+)+/.exec(section)?.[0] ?? '';
    found.set(path, /^Audit: `(.+)`\.$/m.exec(section)?.[1] ?? null);
  }
  return found;
}

const documented = documentedVerbs();

const run = (path: string, walk: Walk, args: readonly string[], json: boolean) =>
  fleet.cli([...path.split(' '), ...args, ...(json ? ['--json'] : [])], {
    ...change,
    ...(walk.home ? { env: { OVERSEER_HOME: walk.home() } } : {}),
  });

/** When each verb ran with --json; the audit is read once, at the end. */
const ran = new Map<string, { from: string; until: string }>();

const now = (): string => new Date().toISOString();

/** The whole audit as the device of that home sees it. */
async function readAudit(home?: string): Promise<Entry[]> {
  const env = home === undefined ? {} : { OVERSEER_HOME: home };
  const answer = await fleet.cli(['audit', 'list', '--limit', '100000', '--json'], { env });
  expect(answer.code, answer.stdout).toBe(0);
  return answer.lines.at(-1) as Entry[];
}

beforeAll(async () => {
  world = await startWorld({ product: productFolder });
  fleet = createLabFleet(world);
  await bringUpFleet(fleet);
});
afterAll(() => world?.stop());

it('P8: every verb of docs/cli.md is walked, and none that is not there', () => {
  expect(Object.keys(walks).sort()).toEqual([...documented.keys()].sort());
});

describe.each(Object.keys(walks))('overseer %s', (path) => {
  const walk = walks[path] as Walk;

  it(`prints ${walk.streams ? 'JSON lines' : 'one JSON document'} and nothing else with --json`, async () => {
    await walk.before?.();
    const args = await walk.args();
    const from = now();
    const answer = await run(path, walk, args, true);
    ran.set(path, { from, until: now() });
    expect([answer.code, answer.stderr], answer.stdout).toEqual([walk.exit ?? 0, '']);
    const lines = answer.stdout.trimEnd().split('\n');
    for (const line of lines) expect(() => JSON.parse(line), line).not.toThrow();
    if (walk.streams) expect(lines.length).toBeGreaterThan(1);
    else expect(lines).toHaveLength(1);
    if (!walk.plain) await walk.after?.();
  });

  if (walk.plain)
    it('prints plain lines into a pipe', async () => {
      const answer = await run(path, walk, await walk.args(), false);
      expect([answer.code, answer.stdout], answer.stderr).toEqual([
        walk.exit ?? 0,
        expect.stringMatching(walk.plain as RegExp),
      ]);
      expect(`${answer.stdout}${answer.stderr}`).not.toMatch(CONTROL);
      await walk.after?.();
    });

  it('answers a wrong option with error, fix and code', async () => {
    const answer = await run(path, walk, ['--no-such-option'], false);
    expect([answer.code, answer.stdout]).toEqual([2, '']);
    expect(answer.stderr).toMatch(/^error: .+\nfix: .+\ncode: cli\.usage\n$/);
    expect(answer.stderr).not.toMatch(CONTROL);
  });
});

describe('the audit of the walk', () => {
  let entries: Entry[] = [];
  let ofOther: Entry[] = [];
  beforeAll(async () => {
    entries = await readAudit();
    ofOther = await readAudit(otherHome);
  });

  it.each([...documented])('P8: overseer %s left: %s', (path, action) => {
    const { from, until } = ran.get(path) ?? { from: '', until: '' };
    const walk = walks[path] as Walk;
    // Every command opens a session, and nodes speak when they like.
    const left = (walk.elsewhere ? ofOther : entries)
      .filter((one) => one.at >= from && one.at <= until && one.actor.kind !== 'node' && one.action !== 'session.open')
      .map((one) => one.action);
    expect(left.filter((one) => one === action)).toEqual(action === null || walk.unheard ? [] : [action]);
    expect(left.filter((one) => one !== action && !(walk.also ?? []).includes(one))).toEqual([]);
  });
});

describe('exit codes', () => {
  const refusal = async (args: string[], exit: number, code: RegExp) => {
    const plain = await fleet.cli(args, change);
    expect([plain.code, plain.stderr], plain.stdout).toEqual([
      exit,
      expect.stringMatching(/(^|\n)error: .+\n(.+\n)*fix: .+\ncode: .+\n$/),
    ]);
    expect(`${plain.stdout}${plain.stderr}`).not.toMatch(CONTROL);
    const json = await fleet.cli([...args, '--json'], change);
    const { error } = json.lines.at(-1) as { error: Fault };
    expect([json.code, json.stderr, json.stdout.trimEnd().split('\n').length]).toEqual([exit, '', 1]);
    expect(error).toMatchObject({ code: expect.stringMatching(code), next: expect.stringMatching(/\w/) });
  };

  it('1: what is not there', () => refusal(['apps', 'show', 'nobody'], 1, /^app\./));
  it('1: a secret that is not there', () => refusal(['secrets', 'reveal', 'ghost', 'none'], 1, /^secret\.unknown$/));
  it('2: input that cannot be', () => refusal(['jobs', 'list', '--limit', 'many'], 2, /^cli\.bad/));
  it('2: data is not deleted without its name', async () => {
    const made = await deploy('kept', 'lab/web:1', '--node', 'n1');
    expect(made.code, made.stdout).toBe(0);
    await refusal(['apps', 'remove', 'kept', '--delete-data', '--yes'], 2, /^cli\.missing-confirmation$/);
  });
  it('3: what is in conflict with what is there', () => refusal(['jobs', 'retry', jobs.failed], 3, /^job\.judged$/));

  it('130: a command that was interrupted', async () => {
    const { argv, env } = ownerCommand(fleet, ['apps', 'logs', 'kept', '-f']);
    const following = await world.spawn('hub', argv, { env, name: 'follow' });
    await logShows(following, /listens on/);
    following.kill('SIGINT');
    expect((await following.exited).code).toBe(130);
    expect(following.log()).not.toMatch(CONTROL);
  });

  it('4: what cannot be reached', async () => {
    await stopCore();
    await refusal(['nodes', 'list'], 4, /^core\.unreachable$/);
  });
});
