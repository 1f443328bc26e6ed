import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomId, sha256Hex, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { parseSetupCode, verifyAudit } from '#shared/trust/index.ts';
import { initCore } from './init.ts';
import { createTestDevice, type TestDevice } from './testing/test-device.ts';

const PROGRAM = join(import.meta.dirname, '..', 'main.ts');
const ROUNDS = 3;

/** The core as its own process, on free ports that it tells in its log. */
async function startProcess(folder: string): Promise<{ process: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [
    PROGRAM,
    'core',
    'start',
    '--data',
    folder,
    '--host',
    '127.0.0.1',
    '--http-port',
    '0',
    '--link-port',
    '0',
  ]);
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const port = /"httpPort":(\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve({ process: child, port: Number(port) });
    });
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    child.once('exit', () => reject(new Error(text)));
  });
}

const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));

let folder: string;
let port = 0;
let running: ChildProcess;
let device: TestDevice;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ov-core-kill-'));
  const addresses = [{ host: '127.0.0.1', httpPort: 7443, linkPort: 7444 }];
  const made = unwrap(await initCore({ folder, addresses, newSetupCode: false }));
  ({ process: running, port } = await startProcess(folder));
  device = await createTestDevice({ port: () => port, spki: made.spki });
  await device.claim(unwrap(parseSetupCode(made.setupCode ?? '')).secret, new Date().toISOString());
}, 60_000);

afterAll(async () => {
  device.close();
  running.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

test('P5: what the core acknowledged survives kill -9 in the middle of writing, and the audit verifies', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    expect(await device.openSession()).toMatchObject({ status: 201 });
    const stopAt = acknowledged.length + 25 + round * 20;
    const writers = Array.from({ length: 8 }, async () => {
      for (;;) {
        const octets = systemRandom.bytes(2_000);
        const hash = sha256Hex(octets);
        const answer = await device.call('putObject', { params: { hash }, octets }).catch(() => null);
        if (answer === null) return;
        if (answer.status === 201) acknowledged.push(hash);
        if (acknowledged.length >= stopAt) running.kill('SIGKILL');
      }
    });
    const end = ended(running);
    await Promise.all(writers);
    await end;
    ({ process: running, port } = await startProcess(folder));
  }
  await device.openSession();
  const { json } = await device.call('missingObjects', { body: { hashes: acknowledged } });
  expect(acknowledged.length).toBeGreaterThan(25 * ROUNDS);
  expect(json.missing).toEqual([]);
  const exported = await device.call('exportAudit');
  const verdict = unwrap(
    await verifyAudit(exported.text.split('\n'), { genesis: device.trust().fleet, witnesses: [] }),
  );
  expect(verdict.findings).toEqual([]);
  expect(verdict.core.entries).toBeGreaterThanOrEqual(acknowledged.length);
}, 90_000);

test('a second core on the same folder is refused, and SIGTERM ends the first in order', async () => {
  await expect(startProcess(folder)).rejects.toThrow('core.already-running');
  const end = ended(running);
  running.kill('SIGTERM');
  expect(await end).toBe(0);
  ({ process: running, port } = await startProcess(folder));
  await device.openSession();
  expect(await device.call('showApp', { params: { id: randomId(systemRandom) } })).toMatchObject({ status: 404 });
}, 60_000);

test('a port that is taken is named, and the process ends', async () => {
  const other = await mkdtemp(join(tmpdir(), 'ov-core-port-'));
  unwrap(
    await initCore({
      folder: other,
      addresses: [{ host: '127.0.0.1', httpPort: port, linkPort: 7444 }],
      newSetupCode: false,
    }),
  );
  const child = spawn(process.execPath, [
    PROGRAM,
    'core',
    'start',
    '--data',
    other,
    '--host',
    '127.0.0.1',
    '--http-port',
    String(port),
    '--link-port',
    '0',
  ]);
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString('utf8');
  });
  expect(await ended(child)).toBe(3);
  expect(told).toContain(`Port ${port} is taken by another program.`);
  await rm(other, { recursive: true });
}, 60_000);
