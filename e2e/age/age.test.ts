import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureParts } from '#world/cache/part.ts';
import { age, ageCommand } from '#world/cache/parts/age.ts';

/** The sealing of shared/trust as one bundle, beside Debian's own `age`: what one seals, the other opens. */
interface Scenario {
  classicKey(): Promise<{ identity: string; recipient: string }>;
  ownKey(): Promise<{ identity: string; recipient: string }>;
  isTaken(recipient: string): boolean;
  plaintextOf(value: string): string;
  seal(value: string, recipients: readonly string[]): Promise<Uint8Array>;
  open(sealed: Uint8Array, identity: string): Promise<string>;
  valueIn(plaintext: string): string;
}

const VALUE = `first "quoted" line\nü€😀 and more\n`;
const source = fileURLToPath(new URL('../../shared/trust/testing/age-scenario.ts', import.meta.url));
let folder: string;
let ours: Scenario;

beforeAll(async () => {
  await ensureParts([age], console.error);
  folder = mkdtempSync(join(tmpdir(), 'age-'));
  const outfile = join(folder, 'scenario.mjs');
  await build({ entryPoints: [source], outfile, bundle: true, format: 'esm', platform: 'browser', target: 'es2024' });
  ours = (await import(pathToFileURL(outfile).href)) as Scenario;
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (program: 'age' | 'age-keygen', args: readonly string[], input: string | Uint8Array = '') => {
  const [command = '', ...before] = ageCommand(program);
  const ran = spawnSync(command, [...before, ...args], { input });
  return { code: ran.status, stdout: new Uint8Array(ran.stdout), stderr: ran.stderr.toString() };
};
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const fileOf = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
};

/** A key that age itself has made. */
const foreignKey = () => {
  const made = run('age-keygen', []);
  expect(made.code, made.stderr).toBe(0);
  const identity = textOf(made.stdout).trim().split('\n').at(-1) ?? '';
  return { identity, recipient: /public key: (age1\S+)/.exec(textOf(made.stdout))?.[1] ?? '' };
};

describe('SEC-1: the X25519 copies of Overseer and of age', () => {
  it('SEC-1: age opens a copy that was sealed here, and finds what it is for', async () => {
    for (const key of [await ours.classicKey(), foreignKey()]) {
      const opened = run(
        'age',
        ['-d', '-i', fileOf('key', `${key.identity}\n`)],
        await ours.seal(VALUE, [key.recipient]),
      );
      expect(opened.code, opened.stderr).toBe(0);
      expect(textOf(opened.stdout)).toBe(ours.plaintextOf(VALUE));
      expect(ours.valueIn(textOf(opened.stdout))).toBe(VALUE);
    }
  });

  it('SEC-1: what age sealed opens here, also where it is sealed to several', async () => {
    for (const key of [await ours.classicKey(), foreignKey()]) {
      expect(ours.isTaken(key.recipient)).toBe(true);
      const sealed = run('age', ['-r', foreignKey().recipient, '-r', key.recipient], ours.plaintextOf(VALUE));
      expect(sealed.code, sealed.stderr).toBe(0);
      expect(await ours.open(sealed.stdout, key.identity)).toBe(VALUE);
    }
  });

  it('SEC-3: of a copy for several age opens it with any of their keys and no other', async () => {
    const [first, second, other] = [foreignKey(), await ours.classicKey(), foreignKey()];
    const sealed = await ours.seal(VALUE, [first.recipient, second.recipient]);
    const codeOf = (key: { identity: string }) => run('age', ['-d', '-i', fileOf('key', key.identity)], sealed).code;
    expect([codeOf(first), codeOf(second)]).toEqual([0, 0]);
    expect(codeOf(other)).not.toBe(0);
    expect(await ours.open(sealed, other.identity)).toBe('secret.cannot-open');
  });

  it('SEC-5: age refuses a changed copy as we do', async () => {
    const key = foreignKey();
    const sealed = new Uint8Array(await ours.seal(VALUE, [key.recipient]));
    const last = sealed.length - 1;
    sealed[last] = (sealed[last] ?? 0) ^ 1;
    const refused = run('age', ['-d', '-i', fileOf('key', key.identity)], sealed);
    expect([refused.code === 0, textOf(refused.stdout)]).toEqual([false, '']);
    expect(await ours.open(sealed, key.identity)).toBe('secret.cannot-open');
  });
});

describe('SEC-1: hybrid copies', () => {
  it('SEC-1: are sealed to whoever needs them beside an X25519 key, which age opens all the same', async () => {
    const [own, classic] = [await ours.ownKey(), foreignKey()];
    const sealed = await ours.seal(VALUE, [own.recipient, classic.recipient]);
    expect(await ours.open(sealed, own.identity)).toBe(VALUE);
    const opened = run('age', ['-d', '-i', fileOf('key', classic.identity)], sealed);
    expect([opened.code, textOf(opened.stdout)], opened.stderr).toEqual([0, ours.plaintextOf(VALUE)]);
  });
});
