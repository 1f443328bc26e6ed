import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeLock } from './flock.ts';
import { makingFolder } from './layout.ts';
import { ensureParts, type Part, partFolder } from './part.ts';

let home: string;
const before = process.env.XDG_CACHE_HOME;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lab-cache-'));
  process.env.XDG_CACHE_HOME = home;
});
afterEach(() => {
  if (before === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = before;
  rmSync(home, { recursive: true, force: true });
});

function countingPart(id: string, needs: readonly Part[] = []): { part: Part; made: () => number } {
  let made = 0;
  const make = async (into: string) => {
    made += 1;
    writeFileSync(join(into, 'content'), id);
  };
  return { part: { id, version: '1', needs, check: 'content', make }, made: () => made };
}

it('CACHE-1: a part is made once, also when two runs ask at once and others need it', async () => {
  const base = countingPart('base');
  const one = countingPart('one', [base.part]);
  const two = countingPart('two', [{ ...base.part }]);
  await Promise.all([ensureParts([one.part, two.part], () => undefined), ensureParts([one.part], () => undefined)]);
  await ensureParts([one.part, two.part], () => undefined);
  expect([base.made(), one.made(), two.made()]).toEqual([1, 1, 1]);
  expect(readFileSync(join(partFolder(one.part), 'content'), 'utf8')).toBe('one');
});

it('CACHE-2: a part that fails is not there, is named, and is made from an empty folder at the next run', async () => {
  const { part } = countingPart('flaky');
  const broken = {
    ...part,
    make: async (into: string) => {
      writeFileSync(join(into, 'half'), '');
      throw new Error('refused by the registry');
    },
  };
  await expect(ensureParts([broken], () => undefined)).rejects.toThrow('refused by the registry');
  expect(existsSync(partFolder(part))).toBe(false);
  await ensureParts([part], () => undefined);
  expect(existsSync(join(partFolder(part), 'half'))).toBe(false);
});

it('CACHE-3: a folder without what it must hold is made anew', async () => {
  const { part, made } = countingPart('emptied');
  mkdirSync(partFolder(part), { recursive: true });
  mkdirSync(join(makingFolder(), 'emptied-1/rest-of-a-killed-run'), { recursive: true });
  await ensureParts([part], () => undefined);
  expect(made()).toBe(1);
  expect(existsSync(join(partFolder(part), 'rest-of-a-killed-run'))).toBe(false);
});

it('CACHE-4: the lock of a killed process is free', async () => {
  const file = join(home, 'a.lock');
  const flock = join(import.meta.dirname, 'flock.ts');
  const holder = `const { takeLock } = await import(${JSON.stringify(flock)}); await takeLock(${JSON.stringify(file)});
    console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  let mine = false;
  const taken = takeLock(file).then((lock) => {
    mine = true;
    return lock;
  });
  expect(mine).toBe(false);
  child.kill('SIGKILL');
  (await taken).release();
  expect(mine).toBe(true);
});
