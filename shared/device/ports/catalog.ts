import type { CatalogEntry } from '#shared/domain/apps/catalog/index.ts';
import type { Result } from '#shared/kernel/index.ts';

/** The catalogue that came with this device's program, or with the core's page. */
export interface CatalogPort {
  /** Ids of all entries, sorted. */
  list(): Promise<Result<string[]>>;
  /** Errors: `catalog.unknown-app`, `catalog.incomplete`, `catalog.malformed`; for a browser also `core.unreachable`. */
  read(id: string): Promise<Result<CatalogEntry>>;
}
