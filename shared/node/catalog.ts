import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogPort } from '#shared/device/index.ts';
import { type CatalogEntry, parseCatalogApp } from '#shared/domain/apps/catalog/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/** The folder of the catalogue: `catalog` beside the bundled program, else that of the source tree. */
export function catalogFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const bundled = join(here, 'catalog');
  return existsSync(bundled) ? bundled : join(here, '../../catalog');
}

/** The ids of all entries. */
export function listCatalog(folder = catalogFolder()): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The catalogue of a folder as a device's port. */
export function createFolderCatalog(folder = catalogFolder()): CatalogPort {
  return {
    list: async () => ok(listCatalog(folder)),
    read: async (id) => readCatalogEntry(id, folder),
  };
}

/** Reads one entry. Errors: `catalog.unknown-app`, `catalog.incomplete`, `catalog.malformed`. */
export function readCatalogEntry(id: string, folder = catalogFolder()): Result<CatalogEntry> {
  const known = listCatalog(folder);
  if (!known.includes(id))
    return err(
      fault(
        'catalog.unknown-app',
        'permanent',
        `The catalogue has no app ${id}.`,
        `It has ${known.join(', ')}. Any other app is deployed from its own Compose file.`,
        { field: '--catalog' },
      ),
    );
  const missing = ['app.yaml', 'compose.yaml', 'icon.svg'].filter((name) => !existsSync(join(folder, id, name)));
  if (missing.length > 0)
    return err(
      fault(
        'catalog.incomplete',
        'permanent',
        `catalog/${id} has no ${missing.join(', ')}.`,
        'Add what is missing, or install Overseer again.',
        { field: id },
      ),
    );
  const text = (name: string) => readFileSync(join(folder, id, name), 'utf8');
  const app = parseCatalogApp(text('app.yaml'));
  if (!app.ok) return app;
  if (app.value.id !== id)
    return err(
      fault(
        'catalog.malformed',
        'permanent',
        `app.yaml, id: ${app.value.id} lies in the folder ${id}.`,
        'Give folder and id the same name.',
        { field: 'id' },
      ),
    );
  return ok({ app: app.value, compose: text('compose.yaml'), icon: text('icon.svg') });
}
