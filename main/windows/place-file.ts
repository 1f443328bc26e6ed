import { readTextIfPresent, writeDurableFile } from '#shared/node/durable-file.ts';
import type { WindowPlace } from './window-place.ts';

/** Keeps the window's place in a file. What can not be read counts as nothing: a window always opens. */
export function createPlaceFile(path: string): { read(): unknown; save(place: WindowPlace): void } {
  return {
    read() {
      try {
        return JSON.parse(readTextIfPresent(path) ?? 'null');
      } catch {
        return null;
      }
    },
    save: (place) => writeDurableFile(path, `${JSON.stringify(place)}\n`),
  };
}
