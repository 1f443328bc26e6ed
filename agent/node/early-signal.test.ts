import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchTrustNews } from './trust-news.ts';

const PROGRAM = join(import.meta.dirname, '..', 'main.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ov-early-signal-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('HOLD-4: news of the trust log that comes while the node starts does not end it', async () => {
  // A pipe in the place of its keys: the node stands still there until somebody writes.
  const keys = join(folder, 'identity.json');
  execFileSync('mkfifo', ['-m', '600', keys]);
  const env = { ...process.env, OVERSEER_NODE_DATA: folder, OVERSEER_NODE_RUN: join(folder, 'run') };
  const node = spawn(process.execPath, [PROGRAM, 'node', 'start'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  node.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString('utf8');
  });
  const ended = once(node, 'close');
  // Opens when the node has opened the other end.
  const pipe = await open(keys, 'w');
  node.kill('SIGHUP');
  await pipe.writeFile('no keys');
  await pipe.close();
  expect(await ended, told).toEqual([1, null]);
  expect(told).toContain('node.bad-identity');
});

it('HOLD-4: news that came before the node could look is looked at as soon as it can', async () => {
  const news = watchTrustNews();
  const looked: string[] = [];
  try {
    const heard = once(process, 'SIGHUP');
    process.kill(process.pid, 'SIGHUP');
    await heard;
    expect(looked).toEqual([]);
    news.handTo(() => looked.push('look'));
    expect(looked).toEqual(['look']);
    const again = once(process, 'SIGHUP');
    process.kill(process.pid, 'SIGHUP');
    await again;
    expect(looked).toEqual(['look', 'look']);
  } finally {
    news.end();
  }
});
