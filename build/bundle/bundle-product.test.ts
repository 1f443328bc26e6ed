import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '#shared/contracts/versions.ts';
import { runBundler } from './bundle-product.ts';

describe('the bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const away = join(folder, 'elsewhere');

  beforeAll(async () => {
    await runBundler(join(folder, 'made'));
    cpSync(join(folder, 'made'), away, { recursive: true });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs with Node alone, away from the repository and its packages', () => {
    const said = execFileSync(process.execPath, [join(away, 'overseer.mjs'), '--version'], {
      cwd: away,
      encoding: 'utf8',
      env: { PATH: '', HOME: away },
    });
    expect(said).toContain(VERSION);
  });

  it('brings SQLite for the servers it may run on', () => {
    for (const target of ['linux-x64', 'linux-arm64', 'linuxmusl-x64', 'linuxmusl-arm64']) {
      expect(existsSync(join(away, `better-sqlite3/prebuilds/${target}.node`)), target).toBe(true);
    }
  });

  it('brings the launchers and the catalogue', () => {
    for (const file of ['launcher.json', 'launcher-amd64.gz', 'launcher-arm64.gz', 'catalog/miniflux/app.yaml']) {
      expect(existsSync(join(away, file)), file).toBe(true);
    }
  });

  it('brings the screens, compressed beside each file', () => {
    const assets = readdirSync(join(away, 'web/assets'));
    for (const kind of [/^index-[\w-]+\.js$/, /^index-[\w-]+\.css$/]) {
      const name = assets.find((one) => kind.test(one)) ?? '';
      expect(assets).toEqual(expect.arrayContaining([name, `${name}.br`, `${name}.gz`]));
    }
    expect(readFileSync(join(away, 'web/index.html'), 'utf8')).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=/);
  });

  it('keeps core, node and command line apart, so that each loads only its own', () => {
    const chunks = readdirSync(away).filter((name) => name.startsWith('main-') && name.endsWith('.mjs'));
    expect(chunks.length).toBeGreaterThanOrEqual(3);
  });
});
