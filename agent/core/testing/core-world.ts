import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoTime, systemClock, unwrap } from '#shared/kernel/index.ts';
import { type DeviceKind, parseSetupCode } from '#shared/trust/index.ts';
import { type CoreFolder, readCoreFolder } from '../core-folder.ts';
import { initCore } from '../init.ts';
import { type RunningCore, startCore } from '../start.ts';
import type { CoreStore } from '../store/port.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { createTestDevice, type TestDevice } from './test-device.ts';

/** A core with real TLS, sockets and files in this process. */
export interface CoreWorld {
  readonly folder: CoreFolder;
  readonly running: RunningCore;
  readonly store: CoreStore;
  readonly setupCode: string;
  readonly setupSecret: string;
  /** Lines of the core's log. */
  readonly log: string[];
  /** A device that has claimed the core and has a session. */
  claim(kind?: DeviceKind): Promise<TestDevice>;
  /** A device with keys and nothing else. */
  newDevice(): Promise<TestDevice>;
  /** Stops and starts it on the same folder and ports. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** Starts it again after `stop`. */
  resume(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Starts on ports below those that the system hands out by itself (from 32768 on). A core that stops and comes back must
 * find its own free, and one of those may have become another test's meanwhile.
 */
async function onKeptPorts<T>(start: (httpPort: number, linkPort: number) => Promise<T>): Promise<T> {
  for (let left = 50; ; left--) {
    try {
      return await start(randomInt(12_000, 32_000), randomInt(12_000, 32_000));
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

/** Makes and starts a core in a folder of its own; with `webFolder` it serves what lies there as its screens. */
export async function createCoreWorld(about: { webFolder?: string } = {}): Promise<CoreWorld> {
  const path = await mkdtemp(join(tmpdir(), 'ov-core-'));
  const addresses = [{ host: '127.0.0.1', httpPort: 7443, linkPort: 7444 }];
  const made = unwrap(await initCore({ folder: path, addresses, newSetupCode: false }));
  const setupSecret = unwrap(parseSetupCode(made.setupCode ?? '')).secret;
  const folder = unwrap(await readCoreFolder(path)) as CoreFolder;
  const log: string[] = [];
  const start = async (httpPort: number, linkPort: number) => {
    const store = unwrap(openSqliteStore(path));
    const write = (level: string) => (message: string, fields?: object) =>
      void log.push(JSON.stringify({ level, message, ...fields }));
    try {
      const started = await startCore({
        folder,
        store,
        host: '127.0.0.1',
        httpPort,
        linkPort,
        log: { info: write('info'), warn: write('warn'), error: write('error') },
        probeBudgetMs: 300,
        ...about,
      });
      return { store, running: unwrap(started) };
    } catch (error) {
      await store.close();
      throw error;
    }
  };
  let now = await onKeptPorts(start);
  const devices: TestDevice[] = [];
  const world: CoreWorld = {
    folder,
    setupCode: made.setupCode ?? '',
    setupSecret,
    log,
    get running() {
      return now.running;
    },
    get store() {
      return now.store;
    },
    async newDevice() {
      const device = await createTestDevice({ port: () => now.running.httpPort, spki: folder.spki });
      devices.push(device);
      return device;
    },
    async claim(kind = 'cli') {
      const device = await world.newDevice();
      await device.claim(setupSecret, isoTime(systemClock), kind);
      await device.openSession();
      return device;
    },
    async restart() {
      await world.stop();
      await world.resume();
    },
    async stop() {
      await now.running.close();
      await now.store.close();
    },
    async resume() {
      now = await start(now.running.httpPort, now.running.linkPort);
    },
    async dispose() {
      for (const device of devices) device.close();
      await now.running.close();
      await now.store.close();
      await rm(path, { recursive: true });
    },
  };
  return world;
}
