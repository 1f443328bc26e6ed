import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './flock.ts';
import { locksFolder, makingFolder, partsFolder } from './layout.ts';

/** One thing the lab is made of. Its folder, once it has its final name, is complete and is never written to again. */
export type Part = {
  id: string;
  /** Changes whenever the content would; it is part of the folder's name. */
  version: string;
  needs: readonly Part[];
  /** A file that must stand in the finished folder; guards against a folder emptied by hand. */
  check: string;
  /** Fills the empty folder `into`. */
  make: (into: string, note: (text: string) => void) => Promise<void>;
};

/** Receives one line for each thing that provisioning does. */
export type Note = (line: string) => void;

/** Where a finished part lies. */
export const partFolder = (part: Part): string => join(partsFolder(), `${part.id}-${part.version}`);

const isMade = (part: Part): boolean => existsSync(join(partFolder(part), part.check));

/**
 * Makes sure that all `parts` and what they need are in the cache. Parts that do not need each other are made side by
 * side; each is made in a folder of its own under a lock and renamed into place, so two runs at once share the work.
 * The first failure is thrown after the others that had begun are done.
 */
export async function ensureParts(parts: readonly Part[], note: Note): Promise<void> {
  const started = new Map<string, Promise<void>>();
  const start = (part: Part): Promise<void> => {
    const before = started.get(partFolder(part));
    if (before) return before;
    const needed = part.needs.map(start);
    const made = Promise.all(needed).then(() => ensurePart(part, note));
    made.catch(() => undefined);
    started.set(partFolder(part), made);
    return made;
  };
  const results = await Promise.allSettled(parts.map(start));
  const failed = results.find((r) => r.status === 'rejected');
  if (failed) throw failed.reason;
}

async function ensurePart(part: Part, note: Note): Promise<void> {
  if (isMade(part)) return;
  const name = `${part.id} ${part.version}`;
  await withLock(
    join(locksFolder(), `${part.id}.lock`),
    async () => {
      if (isMade(part)) return note(`${name}: made by another run meanwhile`);
      const started = performance.now();
      note(`${name}: making`);
      const making = join(makingFolder(), `${part.id}-${part.version}`);
      rmSync(making, { recursive: true, force: true });
      mkdirSync(making, { recursive: true });
      await part.make(making, (text) => note(`${name}: ${text}`));
      writeFileSync(join(making, '.made'), `${new Date().toISOString()}\n`);
      mkdirSync(partsFolder(), { recursive: true });
      rmSync(partFolder(part), { recursive: true, force: true });
      renameSync(making, partFolder(part));
      note(`${name}: made in ${Math.round((performance.now() - started) / 100) / 10} s`);
    },
    () => note(`${name}: another run is making it, waiting`),
  );
}
