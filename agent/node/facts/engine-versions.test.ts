import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngineVersions } from './engine-versions.ts';

let folder: string;
let engine: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overseer-engine-'));
});
afterEach(async () => {
  await stopEngine();
  rmSync(folder, { recursive: true, force: true });
});

async function startEngine(version: string): Promise<void> {
  engine = createServer((_request, response) => response.end(JSON.stringify({ Version: version })));
  await new Promise<void>((resolve) => engine?.listen(join(folder, 'docker.sock'), resolve));
}
async function stopEngine(): Promise<void> {
  await new Promise((resolve) => (engine ? engine.close(resolve) : resolve(undefined)));
  engine = undefined;
}

/** A Compose that notes each start of it. */
function makeCompose(): string {
  const path = join(folder, 'docker-compose');
  writeFileSync(path, `#!/bin/sh\necho x >> ${folder}/starts\necho v5.6.0\n`, { mode: 0o755 });
  return path;
}
const starts = () => readFileSync(join(folder, 'starts'), 'utf8').trim().split('\n').length;

describe('versions in a heartbeat', () => {
  it('starts Compose once for each life of the engine, not for each heartbeat', async () => {
    const read = createEngineVersions({ socketPath: join(folder, 'docker.sock'), composeBin: makeCompose() });
    await startEngine('28.5.2');
    await expect.poll(read).toEqual({ docker: '28.5.2', compose: '5.6.0' });
    await read();
    expect(starts()).toBe(1);
    await stopEngine();
    expect((await read()).docker).toBeNull();
    await startEngine('29.0.0');
    expect((await read()).docker).toBe('29.0.0');
    await expect.poll(starts).toBe(2);
  });

  it('beats on with null while the engine is absent, and tries Compose again only after a minute', async () => {
    let nowMs = 1;
    const socketPath = join(folder, 'docker.sock');
    const read = createEngineVersions({ socketPath, composeBin: join(folder, 'none'), nowMs: () => nowMs });
    expect(await read()).toEqual({ docker: null, compose: null });
    const composeBin = makeCompose();
    const again = createEngineVersions({ socketPath, composeBin, nowMs: () => nowMs });
    await expect.poll(again).toEqual({ docker: null, compose: '5.6.0' });
    nowMs += 61_000;
    await again();
    expect(starts()).toBe(1);
  });
});
