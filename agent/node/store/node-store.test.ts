import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultError, randomId, sha256Hex, systemRandom, utf8 } from '#shared/kernel/index.ts';
import { lockDataDir } from './data-lock.ts';
import { openNodeStore } from './node-store.ts';
import type { OutcomeMessage } from './release-store.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'overseer-store-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Starts the writer, lets it say `count` numbers, kills it with -9. Gives the lines it said, also those after. */
function writeAndKill(appId: string, count: number): Promise<string[]> {
  return new Promise((resolve) => {
    const script = new URL('./testing/write-until-killed.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, dataDir, appId], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (lines.length === count) child.kill('SIGKILL');
    });
    child.on('close', () => resolve(lines));
  });
}

describe('the node store', () => {
  it('P5: what was acknowledged survives kill -9, with its audit entry, again and again', async () => {
    const appId = randomId(systemRandom);
    const said: string[] = [];
    for (const count of [3, 17, 40]) said.push(...(await writeAndKill(appId, count)));
    const store = openNodeStore(dataDir);
    for (const line of said) {
      const [number, header = ''] = line.split(' ');
      const release = store.releases.get(header);
      expect(release).toMatchObject({ number: Number(number), outcome: null });
      expect(store.objects.has(release?.body ?? '')).toBe(true);
    }
    const entries = store.audit.after(0, 10_000);
    expect(entries).toHaveLength(store.releases.newest(appId)?.number ?? 0);
    expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_entry, index) => index + 1));
    store.close();
  });

  it('REL-18: knows the bodies that it accepted of an app, also when what they need is swept', () => {
    const store = openNodeStore(dataDir);
    const [appId, other] = [randomId(systemRandom), randomId(systemRandom)];
    const envelope = { payloadType: 'x', payload: '', signatures: [] as never };
    const bodies = ['first', 'second', 'third'].map((text) => ({ bytes: utf8(text), hash: sha256Hex(utf8(text)) }));
    for (const [index, { bytes, hash }] of bodies.slice(0, 2).entries()) {
      store.objects.put(hash, bytes);
      const header = `h${index}`;
      const release = { header, appId, number: index + 1, envelope, body: hash, acceptedAt: 'x', ownerBase: null };
      store.releases.accept({ ...release, content: index === 0 ? null : 'said' }, []);
      store.releases.finish(header, 'succeeded', {}, { type: 'outcome', header } as OutcomeMessage);
    }
    store.releases.sweepObjects();
    const [first = '', , third = ''] = bodies.map(({ hash }) => hash);
    expect([store.objects.has(first), store.releases.hasBody(appId, first, 'x')]).toEqual([false, true]);
    const has = (app: string, content: string) => store.releases.hasBody(app, third, content);
    expect([has(appId, 'said'), has(appId, 'x'), has(other, 'said')]).toEqual([true, false, false]);
    expect(store.releases.hasBody(other, first, 'x')).toBe(false);
    store.close();
  });

  it('P5: writes to the disk before a commit returns', () => {
    openNodeStore(dataDir).close();
    const database = new Database(join(dataDir, 'node.db'));
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    database.close();
  });

  it('refuses the store of a newer version, and changes nothing in it', () => {
    const database = new Database(join(dataDir, 'node.db'));
    database.pragma('user_version = 999');
    database.close();
    expect(() => openNodeStore(dataDir)).toThrow(FaultError);
  });

  it('P4: an ownership record of another app is never taken over', () => {
    const store = openNodeStore(dataDir);
    store.ownership.record('volume', 'ov_a_data', 'a');
    store.ownership.record('volume', 'ov_a_data', 'a');
    expect(() => store.ownership.record('volume', 'ov_a_data', 'b')).toThrow('another app');
    expect(store.ownership.owned('volume', 'ov_a_data')).toBe('a');
    expect(store.ownership.list('a')).toEqual([{ kind: 'volume', name: 'ov_a_data' }]);
    store.ownership.forget('volume', 'ov_a_data');
    expect(store.ownership.owned('volume', 'ov_a_data')).toBeUndefined();
    store.close();
  });

  it('lets one process at a time work with a folder', () => {
    const first = lockDataDir(dataDir);
    expect(lockDataDir(dataDir)).toMatchObject({ ok: false, error: { code: 'node.already-running' } });
    if (first.ok) first.value.release();
    expect(lockDataDir(dataDir).ok).toBe(true);
  });
});
