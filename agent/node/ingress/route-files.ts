import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hostnamesOfTraefikFile } from '#shared/domain/routes/index.ts';
import { readTextIfPresent, writeDurableFile } from '#shared/node/durable-file.ts';

/** The flat folder that Traefik watches: one file per app, written whole and renamed into place. */
export interface RouteFiles {
  readonly folder: string;
  /** True when the file had to be written. */
  write(appId: string, text: string): boolean;
  read(appId: string): string | undefined;
  /** True when there was one. */
  remove(appId: string): boolean;
  /** The app that already serves a hostname on this node, other than `appId`. */
  whoServes(hostname: string, appId: string): string | undefined;
  /** Our own file, which opens the API to the node. */
  writeApi(text: string): boolean;
}

const APP_FILE = /^ov-([a-z2-7]{26})\.yml$/;

/** Keeps route files below `dataDir/ingress/routes`. */
export function createRouteFiles(dataDir: string): RouteFiles {
  const folder = join(dataDir, 'ingress', 'routes');
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  // The umask may have taken bits that Traefik needs: it is root without the right to pass over modes.
  chmodSync(folder, 0o755);
  const pathOf = (appId: string) => join(folder, `ov-${appId}.yml`);
  const writeIfOther = (path: string, text: string) => {
    if (readTextIfPresent(path) === text) return false;
    writeDurableFile(path, text, 0o644);
    chmodSync(path, 0o644);
    return true;
  };
  return {
    folder,
    write: (appId, text) => writeIfOther(pathOf(appId), text),
    writeApi: (text) => writeIfOther(join(folder, 'overseer-api.yml'), text),
    read: (appId) => readTextIfPresent(pathOf(appId)),
    remove: (appId) => {
      const isThere = readTextIfPresent(pathOf(appId)) !== undefined;
      rmSync(pathOf(appId), { force: true });
      return isThere;
    },
    whoServes: (hostname, appId) => {
      for (const name of readdirSync(folder)) {
        const other = APP_FILE.exec(name)?.[1];
        if (other === undefined || other === appId) continue;
        const served = hostnamesOfTraefikFile(readTextIfPresent(join(folder, name)) ?? '');
        if (served.some((route) => route.hostname === hostname)) return other;
      }
      return undefined;
    },
  };
}
