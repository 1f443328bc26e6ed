import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Stands in for the registry: "installs" a Node that says its version and runs our Node, and counts its calls. */
const npm = `
const { appendFileSync, chmodSync, mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const [verb, ...args] = process.argv.slice(2);
appendFileSync(process.env.NPM_CALLS, verb + '\\n');
if (process.env.NPM_REFUSES === verb) {
  console.error(['npm error code E404', 'npm error no such package', ...Array(20).fill('npm error Set to true'), 'a log'].join('\\n'));
  process.exit(1);
}
if (verb === 'install') {
  const bin = join(args[args.indexOf('--prefix') + 1], 'node_modules', 'node-' + process.platform + '-' + process.arch, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'node'), '#!/bin/sh\\n[ "$1" = --version ] && echo v99.0.0 && exit\\nexec ' + process.env.REAL_NODE + ' "$@"\\n');
  chmodSync(join(bin, 'node'), 0o755);
}
if (verb === 'ci') mkdirSync('node_modules', { recursive: true });
`;

interface Said {
  code: number;
  text: string;
}

describe('the bootstrap', () => {
  let folder: string;
  const calls = () =>
    existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').split('\n') : [];
  const count = (verb: string) => calls().filter((call) => call === verb).length;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bootstrap-'));
    const build = join(folder, 'repository/build');
    mkdirSync(build, { recursive: true });
    for (const name of ['bootstrap.mjs', 'run.mjs']) copyFileSync(`build/${name}`, join(build, name));
    writeFileSync(join(build, 'versions.json'), '{ "node": "99.0.0" }');
    writeFileSync(join(build, 'check.ts'), "console.log('ran', ...process.argv.slice(2)); process.exitCode = 7;");
    writeFileSync(
      join(folder, 'repository/package-lock.json'),
      '{ "packages": { "": {}, "node_modules/a": { "version": "1.0.0" } } }',
    );
    writeFileSync(join(folder, 'npm-cli.js'), npm);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function run(args: string[], extra: Record<string, string> = {}): Promise<Said> {
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      XDG_CACHE_HOME: join(folder, 'cache'),
      NPM_CALLS: join(folder, 'calls'),
      REAL_NODE: process.execPath,
      npm_execpath: join(folder, 'npm-cli.js'),
      ...extra,
    };
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [join(folder, 'repository/build/run.mjs'), ...args], { env });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
      child.on('close', (code) => resolve({ code: code ?? -1, text }));
    });
  }

  it('fetches Node and packages once, passes arguments and the exit code on', async () => {
    const first = await run(['check', '--', 'types', '--fast']);
    expect(first.text).toContain('ran types --fast');
    expect(first.code).toBe(7);
    expect((await run(['check'])).text.trim()).toBe('ran');
    expect([count('install'), count('ci')]).toEqual([1, 1]);
  });

  it('installs again when the lock file changed', async () => {
    await run(['check']);
    writeFileSync(
      join(folder, 'repository/package-lock.json'),
      '{ "packages": { "": {}, "node_modules/b": { "version": "2.0.0" } } }',
    );
    await run(['check']);
    expect(count('ci')).toBe(2);
  });

  it('takes packages that somebody installed by hand', async () => {
    const modules = join(folder, 'repository/node_modules');
    mkdirSync(modules);
    writeFileSync(join(modules, '.package-lock.json'), '{ "packages": { "node_modules/a": { "version": "1.0.0" } } }');
    expect((await run(['check'])).text).toContain('ran');
    expect(count('ci')).toBe(0);
  });

  it('may be started twice at once: both work, one Node stays', async () => {
    const both = await Promise.all([run(['check']), run(['check'])]);
    expect(both.map((one) => one.code)).toEqual([7, 7]);
    expect(readdirSync(join(folder, 'cache/overseer-lab'))).toEqual(['node-v99.0.0']);
    expect(count('ci')).toBe(1);
  });

  it('mends a half-made Node', async () => {
    const bin = join(
      folder,
      `cache/overseer-lab/node-v99.0.0/node_modules/node-${process.platform}-${process.arch}/bin`,
    );
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'node'), '#!/bin/sh\nexit 1\n');
    chmodSync(join(bin, 'node'), 0o755);
    expect((await run(['check'])).code).toBe(7);
  });

  it('gives the reason when something cannot be had, and leaves nothing half made', async () => {
    const refused = await run(['check'], { NPM_REFUSES: 'install' });
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('npm install failed');
    expect(refused.text).toContain('no such package');
    expect(refused.text).not.toContain('    at ');
    expect(readdirSync(join(folder, 'cache/overseer-lab'))).toEqual([]);
  });

  it('names the tasks when it is asked for another', async () => {
    const unknown = await run(['fly']);
    expect(unknown.code).toBe(2);
    expect(unknown.text).toContain('Known tasks: check');
  });
});
