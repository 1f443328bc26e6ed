import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARCHES, buildLauncher, installedGo, type LauncherManifest, sha256Of } from './build.ts';

const here = import.meta.dirname;
const manifest = JSON.parse(readFileSync(join(here, 'launcher.json'), 'utf8')) as LauncherManifest;
const committed = (arch: string) => gunzipSync(readFileSync(join(here, `launcher-${arch}.gz`)));

let folder: string;
let launch: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overseer-launch-test-'));
  launch = join(folder, 'launch');
  writeFileSync(launch, committed(process.arch === 'arm64' ? 'arm64' : 'amd64'), { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string | Buffer, mode = 0o600) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
};
const run = (args: string[], env: Record<string, string> = {}) => {
  const done = spawnSync(launch, args, { env: { PATH: process.env.PATH ?? '', ...env }, cwd: folder });
  return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString(), bytes: done.stdout };
};

describe('the committed binaries', () => {
  test.each(ARCHES)('P7: %s has the SHA-256 that launcher.json pins', (arch) => {
    expect(sha256Of(committed(arch))).toBe(manifest.sha256[arch]);
  });

  test('the Go named in launcher.json makes the same bytes; another Go makes no claim', () => {
    if (installedGo() !== manifest.go) return expect(manifest.go).toMatch(/^go1\.\d+/);
    for (const arch of ARCHES) expect(sha256Of(buildLauncher(arch))).toBe(manifest.sha256[arch]);
  }, 120_000);
});

describe('the launcher', () => {
  test('P7: gives the exact bytes of the file, newline and all, and replaces an older value', () => {
    const value = 'p$w "quoted" $(X) `x`\nsecond line\n';
    const secret = file('secret', value);
    const printed = run(['--env', `SECRET=${secret}`, '--', 'printenv', 'SECRET'], { SECRET: 'old' });
    expect(printed).toMatchObject({ code: 0, out: `${value}\n`, err: '' });
    const bytes = Buffer.from([0x01, 0xff, 0xfe, 0x0a]);
    const raw = run(['--env', `SECRET=${file('raw', bytes)}`, '--', 'printenv', '--null', 'SECRET']);
    expect(raw.bytes.equals(Buffer.concat([bytes, Buffer.from([0])]))).toBe(true);
  });

  test('P7: becomes the command: same process, arguments untouched, its exit code is the exit code', () => {
    const secret = file('s', 'v');
    const args = [
      '--env',
      `A=${secret}`,
      '--env',
      `B=${secret}`,
      '--',
      'sh',
      '-c',
      'echo "$0|$1|$A$B"; exit 7',
      'zero',
      'a b',
    ];
    expect(run(args)).toMatchObject({ code: 7, out: 'zero|a b|vv\n' });
    const arg0 = run(['--', 'sh', '-c', 'tr "\\0" " " </proc/$$/cmdline']);
    expect(arg0.out).toMatch(/^sh -c /);
    expect(arg0.out).not.toContain('--env');
  });

  test('keeps the rest of the environment and takes a path with a slash as it is', () => {
    const script = file('tool', '#!/bin/sh\nprintenv KEPT\n', 0o755);
    expect(run(['--', script], { KEPT: 'yes' })).toMatchObject({ code: 0, out: 'yes\n' });
    expect(run(['--', './tool'], { KEPT: 'yes' })).toMatchObject({ code: 0, out: 'yes\n' });
  });

  test('exits 127 for what is not there and names it', () => {
    expect(run(['--', 'no-such-command'])).toMatchObject({
      code: 127,
      err: expect.stringContaining('no-such-command: not found in PATH'),
    });
    expect(run(['--', '/no/such'])).toMatchObject({
      code: 127,
      err: expect.stringContaining('not found in the image'),
    });
    const orphan = file('orphan', '#!/no/interpreter\n', 0o755);
    expect(run(['--', orphan])).toMatchObject({ code: 127, err: expect.stringContaining('interpreter or loader') });
  });

  test('exits 126 for what may not run, an unreadable secret and bad usage, and never prints a secret', () => {
    const plain = file('plain', 'text', 0o644);
    expect(run(['--', plain])).toMatchObject({ code: 126, err: expect.stringContaining('permission denied') });
    expect(run(['--env', 'A=/no/file', '--', 'true'])).toMatchObject({
      code: 126,
      err: expect.stringContaining('secret for A'),
    });
    const nul = run(['--env', `A=${file('nul', 'canary\0x')}`, '--', 'true']);
    expect(nul).toMatchObject({ code: 126, err: expect.stringContaining('NUL') });
    expect(nul.err).not.toContain('canary');
    for (const bad of [
      [],
      ['--'],
      ['--env', 'A', '--', 'true'],
      ['--env', '=f', '--', 'true'],
      ['sh'],
      ['--env', 'A=f'],
    ])
      expect(run(bad).code).toBe(126);
  });
});
