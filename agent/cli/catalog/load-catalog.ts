import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CatalogEntry, parseCatalogApp } from '#shared/domain/apps/catalog/index.ts';
import { err, fault, type Result } from '#shared/kernel/index.ts';

/** The catalogue's folder: OVERSEER_CATALOG, or the one that came with the program. */
export function catalogFolder(env: Readonly<Record<string, string | undefined>>): string {
  if (env.OVERSEER_CATALOG) return env.OVERSEER_CATALOG;
  // The program runs from a checkout and from a bundle; in both the catalogue lies in a folder above this file.
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, 'catalog');
    if (listEntries(candidate).length > 0 || dirname(folder) === folder) return candidate;
    folder = dirname(folder);
  }
}

/** Ids of the apps in a catalogue folder. */
export function listEntries(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'app.yaml')))
    .map((entry) => entry.name)
    .sort();
}

/** Reads one app of the catalogue. */
export function loadEntry(folder: string, id: string): Result<CatalogEntry> {
  const known = listEntries(folder);
  if (!known.includes(id)) {
    return err(
      fault(
        'catalog.unknown-app',
        'permanent',
        `the catalogue has no app "${id}"`,
        known.length > 0 ? `It has: ${known.join(', ')}.` : `There is no catalogue in ${folder}; set OVERSEER_CATALOG.`,
        { field: '--catalog' },
      ),
    );
  }
  const read = (name: string): string => {
    const path = join(folder, id, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const app = parseCatalogApp(read('app.yaml'));
  return app.ok ? { ok: true, value: { app: app.value, compose: read('compose.yaml'), icon: read('icon.svg') } } : app;
}
