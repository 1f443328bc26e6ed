import { z } from 'zod';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { DesiredDocument } from './desired-document.ts';
import { connectorBodySchema, ingressBodySchema, openingBodySchema } from './release-body.ts';

const id = z.string().regex(/^[a-z2-7]{26}$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const sealedSecretSchema = z.looseObject({
  name: z.string(),
  version: z.number().int().min(1),
  ownerCopy: hash,
  nodeCopies: z.record(id, hash),
  /** As of an app's secret. */
  madeAt: z.array(hash).max(64).optional(),
});

const fleetCollectionsSchema = z.looseObject({
  apps: z.array(z.looseObject({ id, appId: id, name: z.string() })).default([]),
  ingresses: z
    .array(
      z.looseObject({
        id,
        appId: id,
        node: id,
        image: z.string(),
        httpPort: ingressBodySchema.shape.httpPort,
        httpsPort: ingressBodySchema.shape.httpsPort,
        acme: ingressBodySchema.shape.acme,
        publicAddresses: ingressBodySchema.shape.publicAddresses,
      }),
    )
    .default([]),
  connectors: z
    .array(
      z.looseObject({
        id,
        appId: id,
        node: id,
        vendor: connectorBodySchema.shape.vendor,
        settings: connectorBodySchema.shape.settings,
        secrets: z.array(sealedSecretSchema).default([]),
      }),
    )
    .default([]),
  openings: z
    .array(
      z.looseObject({
        id,
        appId: id,
        node: id,
        name: z.string().max(32),
        what: openingBodySchema.shape.what,
        path: openingBodySchema.shape.path,
        readOnly: z.boolean().default(false),
        closed: z.boolean().default(false),
      }),
    )
    .default([]),
});

/** The fleet's small index: which apps there are, and the ingress and connectors that apps use. */
export type FleetView = { readonly name: string; readonly clashes: readonly string[] } & z.output<
  typeof fleetCollectionsSchema
>;

/** Reads the fleet document; an empty one is a fleet with nothing in it yet. */
export function parseFleetView(document: DesiredDocument | undefined): Result<FleetView> {
  const collections = fleetCollectionsSchema.safeParse(
    Object.fromEntries(
      Object.entries(document?.collections ?? {}).map(([name, items]) => [
        name,
        items.map((item) => ({ ...item.fields, id: item.id })),
      ]),
    ),
  );
  if (!collections.success) {
    const issue = collections.error.issues[0];
    const field = issue?.path.join('.') ?? 'fleet';
    return err(
      fault(
        'fleet.malformed',
        'permanent',
        `fleet index, ${field}: ${issue?.message ?? 'does not fit'}`,
        `Set ${field} again.`,
        { field },
      ),
    );
  }
  const name = document?.fields.name;
  return ok({
    name: typeof name === 'string' ? name : '',
    clashes: (document?.clashes ?? []).map((clash) => clash.field),
    ...collections.data,
  });
}
