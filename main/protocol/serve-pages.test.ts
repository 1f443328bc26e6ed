import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentTypeOf, decideFile } from './decide-file.ts';
import { answerPage } from './serve-pages.ts';

describe('which file answers', () => {
  it.each([
    ['overseer://app/', 'index.html'],
    ['overseer://app', 'index.html'],
    ['overseer://app/apps/abc/logs', 'index.html'],
    ['overseer://app/apps/abc?x=../../etc#y', 'index.html'],
    ['overseer://app/assets/main-a1b2.js', 'assets/main-a1b2.js'],
    ['overseer://app/overseer.svg', 'overseer.svg'],
    ['overseer://prompt/', 'prompt.html'],
    ['overseer://prompt/prompt.css', 'prompt.css'],
  ])('%s is %s', (url, file) => {
    expect(decideFile('GET', url)).toMatchObject({ file });
  });

  it.each([
    ['overseer://app/assets/..%2f..%2fmain%2findex.js'],
    ['overseer://app/%2e%2e/%2e%2e/etc/passwd.js'],
    ['overseer://app/assets/%5c..%5cx.js'],
    ['overseer://app/assets/a%00.js'],
    ['overseer://app/assets/.hidden.js'],
    ['overseer://app/.env.js'],
    ['overseer://app/assets//etc/x.js'],
    ['overseer://app/assets'],
    ['overseer://prompt/index.html'],
    ['overseer://prompt/assets/main.js'],
    ['overseer://elsewhere/'],
    ['https://app/'],
    ['file:///etc/passwd'],
    ['nonsense'],
  ])('A8-30: %s is none, or none outside the folder', (url) => {
    const decided = decideFile('GET', url);
    if ('file' in decided) expect(decided.file).not.toMatch(/\.\.|%|\\|^\//);
    else expect(decided.status).toBe(404);
  });

  it('only GET is answered, and only types that the bundle has', () => {
    expect(decideFile('POST', 'overseer://app/')).toEqual({ status: 405 });
    expect(contentTypeOf('x.js')).toBe('text/javascript; charset=utf-8');
    expect(contentTypeOf('x.node')).toBeUndefined();
    expect(contentTypeOf('constructor')).toBeUndefined();
  });
});

describe('the answer', () => {
  let folder = '';
  let folders = { app: '', prompt: '' };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pages-'));
    folders = { app: join(folder, 'app'), prompt: join(folder, 'prompt') };
    mkdirSync(join(folders.app, 'assets'), { recursive: true });
    mkdirSync(folders.prompt);
    writeFileSync(join(folders.app, 'index.html'), '<!doctype html>app');
    writeFileSync(join(folders.prompt, 'prompt.html'), '<!doctype html>prompt');
    writeFileSync(join(folder, 'secret.js'), 'secret');
    symlinkSync('/etc', join(folders.app, 'assets', 'etc'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('a screen is the page, with a policy that connects to nothing', async () => {
    const answer = await answerPage('GET', 'overseer://app/nodes', folders);
    expect(await answer.text()).toContain('app');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("connect-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("webrtc 'block'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https:|\*/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('a prompt runs no script at all', async () => {
    const answer = await answerPage('GET', 'overseer://prompt/', folders);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('script-src');
    expect(await answer.text()).not.toContain('<script');
  });

  it('a file that is not there, or outside, is 404', async () => {
    for (const path of ['assets/none.js', '../secret.js', 'assets/../../secret.js', 'assets/etc/passwd']) {
      expect((await answerPage('GET', `overseer://app/${path}`, folders)).status).toBe(404);
    }
  });
});
