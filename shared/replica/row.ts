import { z } from 'zod';
import { err, fault, fromBase64Url, ok, type Result, sha256Hex, toBase64Url, utf8 } from '#shared/kernel/index.ts';
import {
  commonFields,
  countSchema,
  decideDeviceMay,
  doesRowStand,
  type Envelope,
  everyTrustKey,
  hashSchema,
  idSchema,
  openEnvelope,
  type Signer,
  signEnvelope,
  type TrustState,
} from '#shared/trust/index.ts';

/** `fleet`, or `app:` and the app's id. */
export const documentNameSchema = z
  .string()
  .regex(/^(fleet|app:[a-z2-7]{26})$/, 'a document is "fleet" or "app:<appId>"');

/** One signed step of one writer in one document. Each (document, writer) is a chain of its own. */
export const rowSchema = z.looseObject({
  ...commonFields,
  doc: documentNameSchema,
  epoch: z.literal(1),
  device: idSchema,
  writer: idSchema,
  seq: countSchema,
  prevHash: hashSchema.nullable(),
  clientId: z.number().int().min(1).max(0xffffffff),
  /** base64url of the Yjs update (v1). */
  update: z.string(),
});

export type Row = z.output<typeof rowSchema>;

/** A row whose signature, author and grant were checked; its place in the chain and its update are not yet. */
export interface OpenedRow {
  readonly envelope: Envelope;
  readonly hash: string;
  readonly row: Row;
  readonly update: Uint8Array<ArrayBuffer>;
}

/** The Yjs client id of a writer in a document: derived, so nobody can write under another's. */
export function clientIdOf(writer: string, doc: string): number {
  const id = Number.parseInt(sha256Hex(utf8(`overseer/client/v1:${writer}:${doc}`)).slice(0, 8), 16);
  return id === 0 ? 1 : id;
}

/** What a new row says. */
export interface RowFields {
  readonly fleet: string;
  readonly trustHead: string | null;
  readonly auditHead: string | null;
  readonly doc: string;
  readonly writer: string;
  readonly seq: number;
  readonly prevHash: string | null;
  readonly update: Uint8Array;
}

/** Signs a row. */
export async function signRow(fields: RowFields, signer: Signer): Promise<Envelope> {
  const { update, ...rest } = fields;
  return signEnvelope(
    'row',
    {
      ...rest,
      requires: [],
      epoch: 1,
      device: signer.keyId,
      clientId: clientIdOf(fields.writer, fields.doc),
      update: toBase64Url(update),
    },
    signer,
  );
}

/**
 * Checks signature, author, right and shape of a row that came from anywhere. Of a `stored` one the right is not asked
 * again: it was asked when the row was taken. Whether it still counts is asked by who loads it (doesRowCount).
 */
export async function openRow(
  envelope: Envelope,
  trust: TrustState,
  origin: 'arriving' | 'stored' = 'arriving',
): Promise<Result<OpenedRow>> {
  const opened = await openEnvelope(envelope, {
    kind: 'row',
    fleet: trust.fleet,
    keys: everyTrustKey(trust, 'device'),
  });
  if (!opened.ok) return opened;
  const parsed = rowSchema.safeParse(opened.value.payload);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refuse(
      'row.malformed',
      `${issue?.path.join('.') || 'row'}: ${issue?.message ?? 'does not fit'}`,
      issue?.path.join('.'),
    );
  }
  const row = parsed.data;
  if (row.device !== opened.value.signer)
    return refuse('row.foreign-author', 'the row names another device than the one that signed it', 'device');
  if (row.clientId !== clientIdOf(row.writer, row.doc))
    return refuse('row.foreign-client', 'the Yjs client id is not that of the writer', 'clientId');
  const hash = opened.value.itemHash;
  const may = origin === 'stored' ? ok() : decideRowMay(trust, { ...row, hash });
  if (!may.ok) return may;
  const update = fromBase64Url(row.update);
  if (!update) return refuse('row.malformed', 'update: not canonical base64url', 'update');
  return ok({ envelope, hash, row, update });
}

interface RowPlace {
  readonly device: string;
  readonly doc: string;
  readonly writer: string;
  readonly seq: number;
  readonly hash: string;
}

/** LOG-15, LOG-19: a row of a device that counts, or of a revoked one where a cut-off lets it stand. */
export function doesRowCount(trust: TrustState, row: RowPlace): boolean {
  if (trust.devices.has(row.device)) return true;
  const revoked = trust.revokedDevices.get(row.device);
  return revoked !== undefined && doesRowStand(revoked.cutoffs, row);
}

function decideRowMay(trust: TrustState, row: RowPlace): Result<void> {
  if (!doesRowCount(trust, row) && trust.revokedDevices.has(row.device))
    return refuse(
      'row.revoked',
      `row ${row.seq} of ${row.doc} is by the revoked device ${row.device}, above the last that stands`,
      'device',
    );
  if (trust.revokedDevices.has(row.device)) return ok();
  const appId = row.doc.startsWith('app:') ? row.doc.slice(4) : null;
  return decideDeviceMay(trust, row.device, 'edit', { appId, node: null });
}

function refuse(code: string, message: string, field?: string): Result<never> {
  return err(
    fault(code, 'denied', message, 'The row was not taken; its author must write it again.', field ? { field } : {}),
  );
}
