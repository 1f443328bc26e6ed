import { z } from 'zod';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { DesiredDocument } from './desired-document.ts';
import { appSourceSchema, exceptionSchema, policiesSchema, secretUseSchema } from './release-body.ts';

const id = z.string().regex(/^[a-z2-7]{26}$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** How the record of a route is made: by the fleet's connector, by hand, or not at all. */
export const dnsModeSchema = z.enum(['auto', 'manual', 'off']);

const appFieldsSchema = z.looseObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'an app name is lower-case letters, digits and hyphens, at most 63'),
  node: id.nullable().default(null),
  source: appSourceSchema.default({ kind: 'compose' }),
  compose: z.string().max(262_144).default(''),
  state: z.enum(['running', 'stopped', 'removed']).default('running'),
  policies: policiesSchema.prefault({}),
});

const signedCopiesSchema = z.looseObject({
  version: z.number().int().min(1),
  ownerCopy: hash,
  nodeCopies: z.record(id, hash),
  madeAt: z.array(hash).max(64).optional(),
});

const collectionsSchema = z.looseObject({
  env: z
    .array(
      z.looseObject({ id, key: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), value: z.string().max(32_768) }),
    )
    .default([]),
  secrets: z
    .array(
      z.looseObject({
        id,
        name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/),
        version: z.number().int().min(1).default(1),
        uses: z.array(secretUseSchema).default([]),
        /** Sealed to every owner device and the recovery key. */
        ownerCopy: hash,
        /** nodeId -> the copy sealed to that node; kept so that an unchanged secret stays the same file. */
        nodeCopies: z.record(id, hash).default({}),
        /** Heads of the trust log when this value was made: who was revoked below them has never read it. */
        madeAt: z.array(hash).max(64).optional(),
        /** The copies that the last signed release names, kept beside newer ones. */
        signed: signedCopiesSchema.optional(),
      }),
    )
    .default([]),
  routes: z
    .array(
      z.looseObject({
        id,
        hostname: z.string().max(253),
        service: z.string().max(63),
        port: z.number().int().min(1).max(65_535),
        scheme: z.enum(['http', 'https']).default('http'),
        tls: z.enum(['acme', 'off']).default('acme'),
        dns: dnsModeSchema.default('auto'),
        /** What the record points at; null is the ingress's own public address. */
        address: z.string().max(253).nullable().default(null),
        proxied: z.boolean().default(false),
      }),
    )
    .default([]),
  files: z
    .array(z.looseObject({ id, path: z.string().min(1).max(255), sha256: hash, mode: z.number().int().default(0o444) }))
    .default([]),
  exceptions: z.array(exceptionSchema.extend({ id, service: exceptionSchema.shape.service.default(null) })).default([]),
});

/** An app as the person wants it, read from its document. */
export type AppView = { readonly appId: string; readonly clashes: readonly string[] } & z.output<
  typeof appFieldsSchema
> &
  z.output<typeof collectionsSchema>;

/** Reads an app's document. A value that does not fit is named; documents may hold newer fields, which are kept aside. */
export function parseAppView(appId: string, document: DesiredDocument): Result<AppView> {
  const fields = appFieldsSchema.safeParse(withoutNulls(document.fields));
  const collections = collectionsSchema.safeParse(
    Object.fromEntries(
      Object.entries(document.collections).map(([name, items]) => [
        name,
        items.map((item) => ({ ...withoutNulls(item.fields), id: item.id })),
      ]),
    ),
  );
  const issue = fields.error?.issues[0] ?? collections.error?.issues[0];
  if (!fields.success || !collections.success) {
    const field = issue?.path.join('.') ?? 'app';
    return err(
      fault(
        'app.malformed',
        'permanent',
        `app ${appId}, ${field}: ${issue?.message ?? 'does not fit'}`,
        `Set ${field} again with the CLI.`,
        { field },
      ),
    );
  }
  return ok({ appId, clashes: document.clashes.map((clash) => clash.field), ...fields.data, ...collections.data });
}

/** A field can not be deleted from a document, so one that was taken back is null: as if it had never been set. */
function withoutNulls(fields: DesiredDocument['fields']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
