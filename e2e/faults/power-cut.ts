import { closeSync, existsSync, ftruncateSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { unsyncedOf } from './trace-log.ts';

/**
 * Takes from the files what a power cut at the end of this trace could have taken: everything that was written and not
 * synced is blanked, and memory that SQLite shares beside its file is gone. `moved` says where a traced path lies now.
 * Gives the number of bytes taken.
 */
export function cutPower(log: string, moved: (path: string) => string = (path) => path): number {
  let taken = 0;
  for (const { file, ranges } of unsyncedOf(log)) {
    const path = moved(file);
    if (!existsSync(path) || !statSync(path).isFile()) continue;
    if (path.endsWith('-shm')) continue;
    const size = statSync(path).size;
    const handle = openSync(path, 'r+');
    for (const { at, length } of ranges) {
      const end = Math.min(size, at + length);
      if (end <= at) continue;
      taken += end - at;
      if (at === 0 && end === size) ftruncateSync(handle, 0);
      else writeSync(handle, Buffer.alloc(end - at), 0, end - at, at);
    }
    closeSync(handle);
    if (path.endsWith('-wal')) rmSync(path.replace(/-wal$/, '-shm'), { force: true });
  }
  return taken;
}
