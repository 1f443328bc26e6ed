import { expect, it } from 'vitest';
import type { DeviceRequest, PlanView, SessionView } from '#shared/contracts/ipc/index.ts';
import type { PromptView } from '#shared/contracts/ipc/prompt.ts';
import { err, fault, ok } from '#shared/kernel/index.ts';
import { createBridgeDouble } from '#shared/testing/bridge-double.ts';
import { createAskPerson, decideRefusal, type Prompter } from './ask-person.ts';
import type { Question } from './relay.ts';

const id = (letter: string) => letter.repeat(26);
const plan: PlanView = {
  planId: 'p1',
  verb: 'remove',
  appId: id('a'),
  appName: 'miniflux\u202etxt',
  node: { nodeId: id('b'), name: 'nas' },
  base: 3,
  lines: [
    { id: '1', subject: 'volume', change: 'remove', text: 'volume db' },
    { id: '2', subject: 'exception', change: 'add', text: 'device /dev/dri' },
  ],
  downtime: { kind: 'removed', text: 'It stops serving.' },
  blocked: [],
  byHand: [],
  stack: null,
  deletes: [{ volume: 'db', sizeBytes: 5_200_000 }],
  ownerCommand: null,
  asOf: null,
  urls: [],
};
const session: SessionView = {
  phase: 'claiming',
  fleet: null,
  core: {
    address: 'nas.example:7443',
    fingerprint: 'ab'.repeat(32),
    version: null,
    contact: { state: 'reachable', since: '2026-01-01T00:00:00.000Z', fault: null },
  },
  device: null,
  joining: null,
  unsent: { rows: 0, intents: 0, refused: 0 },
  levelAt: null,
  notices: [],
};
const request: DeviceRequest = {
  id: id('d'),
  name: 'phone',
  kind: 'browser',
  expiresAt: '2026-01-01T00:00:00.000Z',
  code: 'AB12-CD34',
};

const asks = (name: Question['name'], input: unknown, begun: unknown = null): Question => ({
  id: 1,
  name,
  input,
  begun,
});
const confirm = asks('confirmPlan', { planId: 'p1' });

function setUp(answer: Awaited<ReturnType<Prompter['show']>> = { answer: 'confirmed', passphrase: null }) {
  const host = createBridgeDouble();
  const shown: PromptView[] = [];
  const focused: number[] = [];
  const ask = createAskPerson(host, {
    show: async (view) => {
      shown.push(view);
      return answer;
    },
    focus: () => void focused.push(shown.length),
  });
  return { host, shown, ask, focused };
}

it('P1: a plan is shown as the host knows it by its id: lines, exceptions, and what is deleted apart', async () => {
  const { host, shown, ask } = setUp();
  host.answer('readPlan', () => ok(plan));
  expect(await ask(confirm)).toBeNull();
  expect(host.called).toEqual([{ name: 'readPlan', input: { planId: 'p1' } }]);
  expect(shown[0]).toMatchObject({
    title: 'Remove miniflux\\u{202e}txt on nas',
    confirm: 'Remove and delete data',
    groups: [
      { tone: 'danger', lines: ['db (6 MB)'] },
      { tone: 'danger', lines: ['+ device /dev/dri'] },
      { tone: 'plain', lines: ['− volume db'] },
      { tone: 'notice', lines: ['It stops serving.'] },
    ],
  });
  expect(shown[0]?.armAfterMs).toBeGreaterThan(300);
});

it('PRO-6: of a proposal the window names who asked, and what waited before stands apart', async () => {
  const { host, shown, ask } = setUp();
  const line = (id: string) => ({ id, subject: 'env', change: 'add', text: id }) as const;
  const by = { kind: 'token', name: 'ci' } as const;
  const asked = { proposal: 'b'.repeat(26), by, note: '', lines: ['A'] };
  host.answer('readPlan', () => ok({ ...plan, deletes: [], lines: [line('A'), line('B')], asked }));
  expect(await ask(confirm)).toBeNull();
  expect(shown[0]?.text[0]).toBe('Asked by token ci, as the core says.');
  expect(shown[0]?.groups).toMatchObject([
    { heading: 'Changes', lines: ['+ A'] },
    { heading: 'Waited before, and go along', tone: 'notice', lines: ['+ B'] },
    { lines: ['It stops serving.'] },
  ]);
});

it('P1: a plan that is unknown, blocked or for owners only is refused without a window', async () => {
  const unknown = fault('plan.kind-changed', 'permanent', 'no such plan', 'plan again');
  const blocked = { ...plan, blocked: [unknown] };
  const foreign = { ...plan, ownerCommand: 'overseer apps deploy x' };
  for (const [given, code] of [
    [err(unknown), unknown.code],
    [ok(blocked), unknown.code],
    [ok(foreign), 'desktop.owners-only'],
  ] as const) {
    const { host, shown, ask } = setUp();
    host.answer('readPlan', () => given);
    expect(await ask(confirm)).toMatchObject({ code });
    expect(shown).toEqual([]);
  }
});

it('P1: a device is shown with the code to compare, and not before there is one', async () => {
  const { host, shown, ask } = setUp();
  host.tell('deviceRequests', { set: [request], drop: [], whole: true });
  expect(await ask(asks('approveDevice', { id: request.id }))).toBeNull();
  expect(shown[0]?.groups[0]).toMatchObject({ heading: 'Code', lines: ['AB12-CD34'] });
  expect(shown[0]?.text.join(' ')).toContain('an operator');
  host.tell('deviceRequests', { set: [{ ...request, code: null }], drop: [], whole: true });
  expect(await ask(asks('approveDevice', { id: request.id }))).toMatchObject({ code: 'desktop.not-compared' });
  expect(await ask(asks('approveDevice', { id: id('e') }))).toMatchObject({ code: 'desktop.no-request' });
  expect(shown).toHaveLength(1);
});

it('P1: a claim shows the names that were begun with and the core’s fingerprint', async () => {
  const { host, shown, ask } = setUp();
  host.tell('session', session);
  const begun = { setupCode: 'x', fleetName: 'home', personName: 'Ann', deviceName: 'laptop' };
  const words = [0, 1, 2].map((place) => ({ place, word: 'abandon' }));
  expect(await ask(asks('finishClaim', { words }, begun))).toBeNull();
  expect(JSON.stringify(shown[0])).toContain('ab'.repeat(32));
  expect(JSON.stringify(shown[0])).not.toContain('abandon');
  const typed = { ...begun, address: 'typed.example:7443' };
  host.tell('session', { ...session, core: { ...session.core, address: '', fingerprint: null } });
  expect(await ask(asks('finishClaim', { words }, typed))).toBeNull();
  expect(shown[1]?.title).toBe('Claim typed.example:7443 for home');
  expect(await ask(asks('finishClaim', { words }, null))).toMatchObject({ code: 'desktop.nothing-begun' });
});

it('P2: forgetting this device names what goes with it for ever', async () => {
  const { host, shown, ask } = setUp();
  const device = { deviceId: id('c'), name: 'desk', kind: 'desktop', role: 'owner', person: 'Ann' } as const;
  const fleet = { id: 'ab'.repeat(32), name: 'home' };
  host.tell('session', { ...session, phase: 'ready', fleet, device, unsent: { rows: 2, intents: 1, refused: 0 } });
  // What the page says of it counts for nothing.
  expect(await ask(asks('forgetDevice', { evenUnsent: true }))).toBeNull();
  expect(shown[0]).toMatchObject({ title: 'Forget home on this device', confirm: 'Forget it' });
  expect(shown[0]?.groups).toMatchObject([
    {
      tone: 'danger',
      lines: [
        expect.stringContaining('keys'),
        '2 edits that were never sent',
        '1 confirmed change that was never signed',
        expect.stringContaining('recovery words'),
      ],
    },
  ]);
});

it('P7: a value goes to the page only after a person saw which one, by what the host knows of it', async () => {
  const { host, shown, ask } = setUp();
  const secret = {
    id: id('s'),
    appId: id('a'),
    appName: 'miniflux',
    name: 'db\u202e',
    version: 3,
    uses: [],
    edited: false,
    old: null,
    readBy: [],
    canReveal: true,
  };
  host.tell('secrets', { set: [secret], drop: [], whole: true });
  expect(await ask(asks('revealSecret', { appId: id('a'), name: secret.name }))).toMatchObject({
    code: 'bridge.bad-input',
  });
  host.tell('secrets', { set: [{ ...secret, name: 'db' }], drop: [], whole: true });
  expect(await ask(asks('revealSecret', { appId: id('a'), name: 'db' }))).toBeNull();
  expect(shown[0]).toMatchObject({ title: 'Show the secret db of miniflux', confirm: 'Show it' });
  expect(await ask(asks('revealSecret', { appId: id('b'), name: 'db' }))).toMatchObject({ code: 'desktop.no-secret' });
  expect(host.called).toEqual([]);
  expect(shown).toHaveLength(1);
});

it('AUD-8: alarms go only after a person saw which ones stand', async () => {
  const { host, shown, ask } = setUp();
  const notice = (code: string, message: string) => {
    const why = { code, kind: 'conflict' as const, message, next: 'Look.' };
    return { id: id('n'), at: '2026-11-26T12:00:00.000Z', fault: why };
  };
  host.tell('session', { ...session, notices: [notice('core.internal', 'it broke')] });
  expect(await ask(asks('settleAlarms', {}))).toMatchObject({ code: 'desktop.no-alarm' });
  const hidden = { ...notice('audit.split-view', 'two records'), hidden: true as const };
  host.tell('session', { ...session, notices: [notice('core.internal', 'it broke'), hidden] });
  expect(await ask(asks('settleAlarms', {}))).toBeNull();
  expect(shown).toMatchObject([
    { title: 'Let go of 1 alarm', groups: [{ lines: ['2026-11-26T12:00:00.000Z: two records'] }] },
  ]);
});

it('only the confirming button lets a call go on', () => {
  expect(decideRefusal('confirmed')).toBeNull();
  expect(decideRefusal('cancelled')?.code).toBe('desktop.declined');
  expect(decideRefusal('closed')?.code).toBe('desktop.declined');
  expect(decideRefusal('timed-out')?.code).toBe('desktop.not-answered');
});

it('one question at a time: a flood of them gets refusals and brings the first one forward', async () => {
  const host = createBridgeDouble();
  host.answer('readPlan', () => ok(plan));
  let release: (answer: { answer: 'closed' }) => void = () => undefined;
  let shown = 0;
  let focused = 0;
  const ask = createAskPerson(host, {
    show: () => {
      shown += 1;
      return new Promise((resolve) => {
        release = resolve;
      });
    },
    focus: () => {
      focused += 1;
    },
  });
  const first = ask(confirm);
  const rest = await Promise.all(Array.from({ length: 20 }, () => ask(confirm)));
  expect(new Set(rest.map((one) => one?.code))).toEqual(new Set(['desktop.prompt-open']));
  expect([shown, focused]).toEqual([1, 20]);
  release({ answer: 'closed' });
  expect((await first)?.code).toBe('desktop.declined');
  const next = ask(confirm);
  await Promise.resolve();
  await Promise.resolve();
  release({ answer: 'closed' });
  expect((await next)?.code).toBe('desktop.declined');
});

it('A8-30: an input that does not fit is refused before anything is asked', async () => {
  const { shown, ask, host } = setUp();
  expect(await ask(asks('confirmPlan', { planId: 5 }))).toMatchObject({ code: 'bridge.bad-input', field: 'planId' });
  expect([shown, host.called]).toEqual([[], []]);
});
