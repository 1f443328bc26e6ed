import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex, unwrap, utf8 } from '#shared/kernel/index.ts';
import { emptyCutoff, type Opened, openEnvelope, signEnvelope } from '../index.ts';
import {
  type Actor,
  addPerson,
  at,
  codeOf,
  createActor,
  createTestFleet,
  extend,
  NOON,
  type TestFleet,
  testId,
} from '../testing/test-fleet.ts';
import type { Command } from './command.ts';
import {
  type CommandCounters,
  type CommandQuestion,
  decideCommand,
  MAX_COMMAND_LIFE_MS,
  MAX_COMMAND_WRITERS,
} from './decide-command.ts';

const MINUTE = 60_000;
let fleet: TestFleet;
let second: Actor;
let helper: Actor;
let operator: Actor;

beforeAll(async () => {
  fleet = await createTestFleet();
  second = await createActor('second');
  helper = await createActor('helper');
  let state = await addPerson(fleet.state, fleet.owner, second, 'owner');
  state = await addPerson(state, fleet.owner, helper, 'viewer');
  operator = await createActor('operator');
  state = await addPerson(state, fleet.owner, operator, 'operator', 'browser');
  fleet = { ...fleet, state };
});

async function command(changes: object = {}, by = fleet.owner): Promise<Opened<Command>> {
  const payload = {
    fleet: fleet.state.fleet,
    node: fleet.node.id,
    verb: 'logs',
    args: { appId: testId('app') },
    session: testId('session'),
    writer: testId('writer'),
    counter: 1,
    expiresAt: at(5 * MINUTE),
    replyKey: null,
    ...changes,
  };
  const envelope = await signEnvelope('command', payload, by.key.signer);
  return unwrap(await openEnvelope(envelope, { kind: 'command', fleet: payload.fleet, keys: () => by.key.publicKey }));
}
const ask = (opened: Opened<Command>, question: Partial<CommandQuestion> = {}) =>
  decideCommand({
    opened,
    node: fleet.node.id,
    session: testId('session'),
    counters: {},
    state: fleet.state,
    now: NOON,
    ...question,
  });

describe('CMD-1: this node, this fleet', () => {
  it('CMD-1: refuses a command for another', async () => {
    expect(codeOf(ask(await command()))).toBe('ok');
    expect(codeOf(ask(await command({ node: testId('other') })))).toBe('command.wrong-node');
    expect(codeOf(ask(await command({ fleet: sha256Hex(utf8('x')) })))).toBe('command.wrong-fleet');
  });
});

describe('CMD-2: this start of the agent', () => {
  it('CMD-2: refuses a command of another start, also with fresh counters (A8-1)', async () => {
    expect(codeOf(ask(await command(), { session: testId('after restart') }))).toBe('command.wrong-session');
  });
});

describe('CMD-3: time', () => {
  it('CMD-3: is over at expiresAt, and the message shows both times', async () => {
    const opened = await command();
    expect(codeOf(ask(opened, { now: NOON + 5 * MINUTE - 1 }))).toBe('ok');
    const late = ask(opened, { now: NOON + 5 * MINUTE });
    expect(late).toMatchObject({ ok: false, error: { code: 'command.expired', kind: 'denied' } });
    expect(late.ok ? '' : late.error.message).toMatch(/12:05:00.000Z.*clock says 2026-03-01T12:05/);
  });

  it('CMD-3: lasts at most 15 minutes, with a minute for clocks that differ', async () => {
    expect(codeOf(ask(await command({ expiresAt: at(MAX_COMMAND_LIFE_MS + MINUTE) })))).toBe('ok');
    expect(codeOf(ask(await command({ expiresAt: at(MAX_COMMAND_LIFE_MS + MINUTE + 1) })))).toBe(
      'command.expiry-too-far',
    );
  });
});

describe('CMD-4: counters', () => {
  it('CMD-4: a used counter and any below it are refused (A8-1)', async () => {
    let counters: CommandCounters = {};
    for (const counter of [1, 2, 7]) counters = unwrap(ask(await command({ counter }), { counters })).counters;
    for (const counter of [1, 2, 3, 6, 7])
      expect(codeOf(ask(await command({ counter }), { counters }))).toBe('command.replayed');
    expect(codeOf(ask(await command({ counter: 8 }), { counters }))).toBe('ok');
  });

  it('CMD-4: the same writer id of another device has its own counter', async () => {
    const high = await command({ counter: Number.MAX_SAFE_INTEGER }, second);
    const { counters } = unwrap(ask(high));
    expect(codeOf(ask(await command(), { counters }))).toBe('ok');
    expect(codeOf(ask(high, { counters }))).toBe('command.replayed');
  });

  it('CMD-4: a refusal changes no counter', async () => {
    const counters = Object.freeze({});
    ask(await command({ expiresAt: at(1) }), { counters, now: NOON + 2 });
    expect(counters).toEqual({});
  });
});

describe('CMD-5: rights', () => {
  it.each(['logs', 'restart', 'dns-test', 'volumes', 'probe'])('CMD-5: %s needs a signer who may', async (verb) => {
    expect(codeOf(ask(await command({ verb })))).toBe('ok');
    const ofOperator = verb === 'dns-test' ? 'trust.not-allowed' : 'ok';
    expect(codeOf(ask(await command({ verb }, operator)))).toBe(ofOperator);
    expect(codeOf(ask(await command({ verb }, helper)))).toBe('trust.not-allowed');
    expect(codeOf(ask(await command({ verb }, fleet.node)))).toBe('trust.unknown-signer');
  });

  it('CMD-5: the refusal says for which app and node', async () => {
    const refused = ask(await command({}, helper));
    expect(refused.ok ? '' : refused.error.message).toContain(`(app ${testId('app')}, node ${fleet.node.id})`);
    const other = ask(await command({ args: {} }, helper));
    expect(other.ok ? '' : other.error.message).toContain(`(node ${fleet.node.id})`);
  });

  it.each(['exec', 'delete', 'shell', 'LOGS', ''])('CMD-5: %j can not be signed (A8-18)', async (verb) => {
    await expect(command({ verb })).rejects.toThrow(/verb/);
  });
});

it('CMD-7: a node that was revoked takes none', async () => {
  const state = await extend(fleet.state, fleet.owner, { kind: 'revoke-node', nodeId: fleet.node.id });
  expect(codeOf(ask(await command(), { state }))).toBe('node.revoked');
});

it('CMD-5: a device that was revoked orders nothing, and the refusal says why (A8-12)', async () => {
  const state = await extend(fleet.state, fleet.owner, {
    kind: 'revoke-device',
    deviceId: operator.id,
    cutoff: emptyCutoff,
  });
  expect(codeOf(ask(await command({}, operator), { state }))).toBe('trust.revoked');
});

describe('CMD-6: memory', () => {
  it('CMD-6: more writers than 4,096 are refused, the known ones go on', async () => {
    const counters = Object.fromEntries(Array.from({ length: MAX_COMMAND_WRITERS }, (_, i) => [`x:${i}`, 1]));
    expect(codeOf(ask(await command(), { counters }))).toBe('command.too-many-writers');
    const key = `${fleet.owner.id}:${testId('writer')}`;
    const { 'x:0': _, ...others } = counters;
    expect(codeOf(ask(await command({ counter: 2 }), { counters: { ...others, [key]: 1 } }))).toBe('ok');
  });
});
