import { z } from 'zod';
import { countSchema, hashSchema, idSchema } from '../formats.ts';

/** Name of a document of desired state, as rows carry it. */
const documentSchema = z.string().regex(/^(fleet|app:[a-z2-7]{26})$/, 'a document is "fleet" or "app:<appId>"');

/**
 * LOG-19: the last items of a revoked key that stand. Each is named by its hash: through the chain that it ends, it
 * binds everything before it, so that nobody can slip other items in below.
 */
export const cutoffSchema = z.looseObject({
  /** The last row of each writer in each document. */
  rows: z
    .array(z.looseObject({ doc: documentSchema, writer: idSchema, seq: countSchema, hash: hashSchema }))
    .max(1_024),
  /** The last release header of each app on each node. */
  releases: z
    .array(z.looseObject({ appId: idSchema, node: idSchema, number: countSchema, header: hashSchema }))
    .max(1_024),
  /** The last entry of the core's audit chain that stands; null when the revoker saw none. */
  audit: z.looseObject({ seq: countSchema, hash: hashSchema }).nullable(),
});
export type Cutoff = z.output<typeof cutoffSchema>;

/** A cut-off that lets nothing stand. */
export const emptyCutoff: Cutoff = { rows: [], releases: [], audit: null };

/** LOG-19: whether one of these cut-offs lets a row stand: it is the last one of its writer there, or lies below it. */
export function doesRowStand(
  cutoffs: readonly Cutoff[],
  row: { readonly doc: string; readonly writer: string; readonly seq: number; readonly hash: string },
): boolean {
  return cutoffs.some(({ rows }) =>
    rows.some(
      (last) =>
        last.doc === row.doc &&
        last.writer === row.writer &&
        (row.seq < last.seq || (row.seq === last.seq && row.hash === last.hash)),
    ),
  );
}

/** Which release of which app on which node. */
export interface ReleasePlace {
  readonly appId: string;
  readonly node: string;
  readonly number: number;
  readonly header: string;
}

/** LOG-19: whether one of these cut-offs lets a release stand: it is the last one of that app and node, or lies below. */
export function doesReleaseStand(cutoffs: readonly Cutoff[], release: ReleasePlace): boolean {
  return cutoffs.some(({ releases }) =>
    releases.some(
      (last) =>
        last.appId === release.appId &&
        last.node === release.node &&
        (release.number < last.number || (release.number === last.number && release.header === last.header)),
    ),
  );
}
