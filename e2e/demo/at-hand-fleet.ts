import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Running } from '#world/world.ts';
import { createOwnerCli, type Fleet, logShows, started } from '../journeys/fleet.ts';
import type { EngineAtHand } from './at-hand-engine.ts';
import type { AtHandFolders } from './at-hand-folders.ts';
import { freeLoopbackPort } from './at-hand-ports.ts';
import type { Processes } from './at-hand-processes.ts';

/** Where things lie below the folders. */
export const atHandPaths = (folders: AtHandFolders) => ({
  program: join(folders.disk, 'overseer', 'overseer.mjs'),
  core: join(folders.disk, 'core'),
  node: join(folders.disk, 'node'),
  home: join(folders.disk, 'home'),
  temporary: join(folders.disk, 'tmp'),
  logs: join(folders.disk, 'logs'),
  /** Secrets of running apps. */
  run: join(folders.memory, 'node'),
  /** What the owner must not lose or show. */
  owner: join(folders.memory, 'owner'),
});

/** The settings under which the owner's commands find this fleet. */
export function ownerSettings(folders: AtHandFolders): Record<string, string> {
  const paths = atHandPaths(folders);
  return { OVERSEER_HOME: join(paths.home, 'overseer'), OVERSEER_PASSPHRASE_FILE: join(paths.owner, 'passphrase') };
}

/** Core, CLI and agent as processes of this user, on loopback, with all they keep below the demo's folders. */
export async function createAtHandFleet(about: {
  engine: EngineAtHand;
  folders: AtHandFolders;
  processes: Processes;
}): Promise<Fleet> {
  const { engine, folders, processes } = about;
  const paths = atHandPaths(folders);
  for (const path of [paths.core, paths.home, paths.temporary, paths.owner, paths.run])
    mkdirSync(path, { mode: 0o700 });
  const program = [process.execPath, paths.program];
  // Nothing of this user's own settings, folders or keyring is seen by what the demo runs.
  const plain = { PATH: process.env.PATH, HOME: paths.home, TMPDIR: paths.temporary, LANG: 'C.UTF-8' };
  const ownerEnv = { ...plain, ...ownerSettings(folders) };
  const nodeEnv = {
    ...plain,
    OVERSEER_NODE_DATA: paths.node,
    OVERSEER_NODE_RUN: paths.run,
    OVERSEER_COMPOSE_BIN: engine.composeBin,
    DOCKER_HOST: `unix://${engine.socket}`,
  };
  const cwd = folders.disk;
  const spawn = (args: readonly string[], name: string, env: NodeJS.ProcessEnv): Running =>
    processes.spawn([...program, ...args], { env, cwd, logFile: join(paths.logs, `${name}.log`) });
  const coreHost = '127.0.0.1';
  const coreHttpPort = await freeLoopbackPort();
  const coreLinkPort = await freeLoopbackPort();
  let core: Running | undefined;
  let node: Running | undefined;
  return {
    ...createOwnerCli((args, options) =>
      processes.exec([...program, ...args], { ...options, env: { ...ownerEnv, ...options.env }, cwd }),
    ),
    coreHost,
    coreHttpPort,
    coreLinkPort,
    coreFolder: paths.core,
    recoveryFile: join(paths.owner, 'recovery'),
    async startCore() {
      core = spawn(['core', 'start', '--data', paths.core, '--host', coreHost], 'core', plain);
      await logShows(core, /ready in \d+ ms/);
      return core;
    },
    async startNode() {
      node = spawn(['node', 'start'], 'node', nodeEnv);
      return node;
    },
    onNode: (args) => processes.exec([...program, ...args], { env: nodeEnv, cwd, timeoutMs: 120_000 }),
    spawnOwner: async (args, name) => spawn(args, name, ownerEnv),
    core: () => started(core, 'core'),
    node: () => started(node, 'node'),
    async memoryFile(name, content) {
      const path = join(paths.owner, name);
      writeFileSync(path, content, { mode: 0o600 });
      return path;
    },
  };
}
