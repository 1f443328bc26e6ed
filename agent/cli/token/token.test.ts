import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Job, Proposal } from '#shared/contracts/rest/index.ts';
import { createCoreClient } from '#shared/device/index.ts';
import { unwrap } from '#shared/kernel/index.ts';
import { createManualClock, createManualTimers } from '#shared/testing/deterministic.ts';
import { createScriptedCore, type ScriptedCore } from '#shared/testing/scripted-core.ts';
import { temporaryFolder } from '#shared/testing/temporary-folder.ts';
import type { Done } from '../context.ts';
import { createVerbInput } from '../options.ts';
import { createOutput } from '../output/output.ts';
import { createStyle } from '../output/style.ts';
import { readWait } from '../releases/read-wait.ts';
import { readChanges } from './propose.ts';
import { readTokenPlace } from './token-client.ts';
import { waitForProposal } from './wait-for-proposal.ts';

const KEY = '5c58'.repeat(16);
const ID = 'p'.repeat(26);
const JOB = 'j'.repeat(26);

describe('the environment of a token', () => {
  const place = { OVERSEER_TOKEN: 'ovt_x', OVERSEER_CORE: 'https://core.lan', OVERSEER_CORE_KEY: KEY };

  test('names the token, or a file that holds it, the core and its key', () => {
    const whole = { token: 'ovt_x', host: 'core.lan', port: 7443, spki: KEY };
    expect(readTokenPlace(place)).toEqual({ ok: true, value: whole });
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, 'ovt_x\n');
    expect(readTokenPlace({ ...place, OVERSEER_TOKEN: undefined, OVERSEER_TOKEN_FILE: file })).toEqual({
      ok: true,
      value: whole,
    });
  });

  test('P1: without the key of the core, or with a part of it, the token goes nowhere', () => {
    for (const OVERSEER_CORE_KEY of [undefined, '', KEY.slice(1)])
      expect(readTokenPlace({ ...place, OVERSEER_CORE_KEY })).toMatchObject({
        ok: false,
        error: { code: 'cli.bad-variable', field: 'OVERSEER_CORE_KEY' },
      });
    for (const OVERSEER_CORE of [undefined, 'http://core.lan', 'https://me@core.lan'])
      expect(readTokenPlace({ ...place, OVERSEER_CORE })).toMatchObject({
        ok: false,
        error: { field: 'OVERSEER_CORE' },
      });
  });
});

describe('what a proposal says', () => {
  const read = (verb: 'deploy' | 'rollback' | 'remove', options: Record<string, unknown>) =>
    readChanges(createVerbInput(['web'], options), verb);

  test('is read from the options of the verb', () => {
    const options = { image: ['web=lab/web:2'], env: ['A=b=c'], host: 'Web.example.com', port: '80', dns: 'off' };
    expect(read('deploy', options)).toEqual({
      ok: true,
      value: {
        images: { web: 'lab/web:2' },
        env: { A: 'b=c' },
        route: expect.objectContaining({ hostname: 'web.example.com', port: 80, dns: 'off' }),
      },
    });
    expect(read('rollback', { to: '3' })).toEqual({ ok: true, value: { to: 3 } });
    expect(read('remove', {})).toEqual({ ok: true, value: {} });
  });

  test('PRO-7: a secret, an exception, the deletion of data is not asked for, but sent to a device', () => {
    const never: ['deploy' | 'remove', Record<string, unknown>, string][] = [
      ['deploy', { secretFile: ['a=b'] }, '--secret-file'],
      ['deploy', { allow: ['privileged:web:true'] }, '--allow'],
      ['remove', { deleteData: true }, '--delete-data'],
    ];
    for (const [verb, options, field] of never)
      expect(read(verb, options)).toMatchObject({ ok: false, error: { code: 'cli.bad-option', field } });
  });
});

test('--wait takes minutes, --no-wait none, and anything else is refused', () => {
  const minutes = (options: Record<string, unknown>) => readWait(createVerbInput([], options), 30);
  expect(minutes({})).toEqual({ ok: true, value: { minutes: 30 } });
  expect(minutes({ wait: true })).toEqual({ ok: true, value: { minutes: 30 } });
  expect(minutes({ wait: '5' })).toEqual({ ok: true, value: { minutes: 5 } });
  expect(minutes({ wait: false })).toEqual({ ok: true, value: { minutes: 0 } });
  for (const wait of ['0', 'feeds', '-1']) expect(minutes({ wait })).toMatchObject({ error: { field: '--wait' } });
});

describe('waiting for a proposal', () => {
  const clock = createManualClock();
  let core: ScriptedCore;
  let written = '';
  let looks = 0;

  beforeEach(() => {
    core = createScriptedCore(clock.nowMs);
    [written, looks] = ['', 0];
  });

  const at = () => new Date(clock.nowMs()).toISOString();
  const proposal = (change: Partial<Proposal> = {}) => ({
    id: ID,
    state: 'awaiting-signature',
    verb: 'stop',
    appId: 'a'.repeat(26),
    content: { note: '', changes: {} },
    by: { kind: 'token', id: 't'.repeat(26), name: 'ci' },
    createdAt: at(),
    expiresAt: at(),
    settled: null,
    changeSet: null,
    jobs: [],
    ...change,
  });
  const job = (change: Partial<Job>) => ({
    id: JOB,
    changeSet: 'c'.repeat(26),
    appId: 'a'.repeat(26),
    appName: 'web',
    node: 'n'.repeat(26),
    header: 'a'.repeat(64),
    number: 2,
    verb: 'stop',
    state: 'running',
    outcome: null,
    awayMs: null,
    fault: null,
    createdAt: at(),
    startedAt: null,
    endedAt: null,
    steps: [],
    ...change,
  });

  /** Each look at proposal and job gets the next answer, the last one stays. */
  async function wait(proposals: (object | number)[], jobs: (object | number)[], minutes = 30): Promise<Done> {
    const next = (answers: (object | number)[]) => () => {
      looks++;
      return answers.length > 1 ? answers.shift() : answers[0];
    };
    core.answers.set(`GET /proposals/${ID}`, next(proposals));
    core.answers.set(`GET /jobs/${JOB}`, next(jobs));
    const timers = createManualTimers();
    const moving = {
      ...timers,
      after: (delayMs: number, run: () => void) =>
        timers.after(delayMs, () => {
          clock.advance(delayMs);
          run();
        }),
    };
    const style = createStyle(false, {});
    const write = (text: string) => {
      written += text;
    };
    const out = createOutput({ stdout: { write }, stderr: { write } }, { json: false, style, errorStyle: style });
    const signal = new AbortController().signal;
    const context = { clock, timers: moving, signal, out };
    const client = createCoreClient({ http: core.ports.http, signal, token: 'ovt_x' });
    const ended = unwrap(await timers.drive(waitForProposal(context, client, ID, minutes)));
    ended.print?.(out);
    return ended;
  }
  const settled = (reason: string) => ({ by: 'd'.repeat(26), at: at(), reason });

  test('exits 0 when a device accepted it and its job succeeded', async () => {
    const accepted = proposal({ state: 'accepted', settled: settled(''), jobs: [JOB] });
    const done = await wait(
      [proposal(), proposal(), accepted],
      [job({}), job({ state: 'done', outcome: 'succeeded' })],
    );
    expect(done.exitCode ?? 0).toBe(0);
    expect(looks).toBe(5);
    expect(written).toContain('accepted and done (release 2)');
  });

  test('exits 1 when the job failed, whatever kind its fault has', async () => {
    const accepted = proposal({ state: 'accepted', settled: settled(''), jobs: [JOB] });
    const fault = { code: 'release.stale', kind: 'conflict' as const, message: 'too late', next: 'again' };
    const done = await wait([accepted], [job({ state: 'failed', outcome: 'refused', fault })]);
    expect(done.exitCode).toBe(1);
    expect(written).toContain('too late');
  });

  test('exits 1 when it was declined, with the reason, and when it expired', async () => {
    expect((await wait([proposal({ state: 'declined', settled: settled('not on a Friday') })], [404])).exitCode).toBe(
      1,
    );
    expect(written).toContain('not on a Friday');
    expect((await wait([proposal({ state: 'expired' })], [404])).exitCode).toBe(1);
    expect(written).toContain('proposal.expired');
  });

  test('exits 75 when it still awaits a signature at its time limit', async () => {
    const startMs = clock.nowMs();
    const done = await wait([proposal()], [404], 5);
    expect(done.exitCode).toBe(75);
    expect(clock.nowMs() - startMs).toBe(5 * 60_000);
    expect(written).toContain('cli.awaiting-signature');
  });

  test('goes on over a core that restarts', async () => {
    const accepted = proposal({ state: 'accepted', settled: settled(''), jobs: [JOB] });
    const done = await wait([503, 503, accepted], [503, job({ state: 'done', outcome: 'succeeded' })]);
    expect(done.exitCode ?? 0).toBe(0);
  });
});
