import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DnsPort } from '#shared/domain/routes/index.ts';
import type { Clock, Result } from '#shared/kernel/index.ts';
import { type Launcher, launcherFor } from '#shared/node/launcher.ts';
import type { PreparedApp } from '../compose/prepared.ts';
import { findWalls, type Walls } from '../compose/walls.ts';
import type { Engine } from '../engine/engine.ts';
import { createNetworkMaker, type NetworkMaker } from '../engine/networks.ts';
import { createFileStore, type FileStore } from '../files/stack-files.ts';
import { apiPasswordHash, loadApiPassword } from '../ingress/api-password.ts';
import { createRouteFiles, type RouteFiles } from '../ingress/route-files.ts';
import { apiRouteFile } from '../ingress/static-config.ts';
import type { OpeningsPort } from '../openings.ts';
import { openMemoryFolder } from '../secrets/memory-folder.ts';
import { createSecretFiles, type SecretFiles } from '../secrets/secret-files.ts';
import type { OwnershipPort } from './ownership.ts';
import { pause } from './pause.ts';

/** The DNS connectors of this node, by the appId of their own release. */
export interface DnsPorts {
  get(connector: string): DnsPort | undefined;
  all(): readonly DnsPort[];
}

/** What an applier is made of. Folders must exist or be creatable; `dataDir` lasts, `runDir` is memory. */
export interface ApplierOptions {
  readonly engine: Engine;
  /** The Compose plugin's binary, or the docker CLI that has it. */
  readonly composeBin: string;
  readonly dataDir: string;
  readonly runDir: string;
  readonly fleet: string;
  readonly ownership: OwnershipPort;
  readonly dns: DnsPorts;
  readonly openings: OpeningsPort;
  readonly clock: Clock;
  /** Range that subnets of apps are cut from, as CIDR. */
  readonly addressRange?: string;
  readonly walls?: Walls;
  readonly launcher?: (arch: string) => Result<Launcher>;
  readonly pause?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Everything the steps of an apply share. */
export interface ApplierContext extends ApplierOptions {
  readonly files: FileStore;
  readonly secrets: SecretFiles;
  readonly routes: RouteFiles;
  readonly networks: NetworkMaker;
  readonly apiPassword: string;
  readonly walls: Walls;
  readonly launcher: (arch: string) => Result<Launcher>;
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Models that were prepared since the start, by app: a repair that finds nothing to do costs a few looks. */
  readonly prepared: Map<string, { readonly header: string; readonly app: PreparedApp }>;
  /** When a hostname without a certificate is tried again, or one with it is looked at again. */
  readonly certificateRests: Map<string, { dueMs: number; restMs: number; isMissing: boolean }>;
  /** Overseer's own folders: no app may be given a part of them. */
  readonly ownFolders: readonly string[];
}

/** Range for app networks where the owner set none: far from what home routers and Docker itself use. */
export const DEFAULT_ADDRESS_RANGE = '10.213.0.0/16';

/** Opens folders and finds the walls of this machine. */
export function createContext(options: ApplierOptions): ApplierContext {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  mkdirSync(options.runDir, { recursive: true, mode: 0o755 });
  const apiPassword = loadApiPassword(options.dataDir);
  const routes = createRouteFiles(options.dataDir);
  routes.writeApi(apiRouteFile(apiPasswordHash(apiPassword)));
  return {
    ...options,
    files: createFileStore(options.dataDir),
    secrets: createSecretFiles(openMemoryFolder(join(options.runDir, 'secrets'))),
    routes,
    networks: createNetworkMaker(options.engine, options.addressRange ?? DEFAULT_ADDRESS_RANGE),
    apiPassword,
    walls: options.walls ?? findWalls(),
    launcher: options.launcher ?? launcherFor,
    pause: options.pause ?? pause,
    prepared: new Map(),
    certificateRests: new Map(),
    ownFolders: [options.dataDir, options.runDir],
  };
}
