import { z } from 'zod';
import { commonFields } from '../common-fields.ts';
import {
  ageRecipientSchema,
  coreAddressSchema,
  countSchema,
  hashSchema,
  idSchema,
  key32Schema,
  nameSchema,
  timeSchema,
  wordSchema,
} from '../formats.ts';
import { cutoffSchema } from './cutoff.ts';

export const roleSchema = z.enum(['owner', 'operator', 'viewer']);
export const deviceKindSchema = z.enum(['desktop', 'cli', 'browser', 'automation']);

export const deviceSchema = z.looseObject({
  deviceId: idSchema,
  name: nameSchema,
  kind: deviceKindSchema,
  signKey: key32Schema,
  ageRecipient: ageRecipientSchema,
});
export const nodeIdentitySchema = z.looseObject({
  nodeId: idSchema,
  name: nameSchema,
  signKey: key32Schema,
  ageRecipient: ageRecipientSchema,
  /** hex SHA-256 of the SubjectPublicKeyInfo DER of the node's TLS key. */
  tlsSpki: hashSchema,
});
export const coreIdentitySchema = z.looseObject({
  tlsSpki: hashSchema,
  addresses: z.array(coreAddressSchema).min(1).max(16),
  epoch: countSchema,
});
export const personSchema = z.looseObject({ personId: idSchema, name: nameSchema, role: roleSchema });
export const recoveryKeySchema = z.looseObject({ signKey: key32Schema, ageRecipient: ageRecipientSchema });

/** What a grant is limited by; a list that is absent limits nothing. */
export const grantSchema = z.looseObject({
  grantId: idSchema,
  /** A person with all devices, one device, or an API token (LOG-26). */
  to: z.union([
    z.looseObject({ personId: idSchema }),
    z.looseObject({ deviceId: idSchema }),
    z.looseObject({ tokenId: idSchema }),
  ]),
  /** null takes the grant back. An owner is never made by a grant. */
  role: z.enum(['operator', 'viewer']).nullable(),
  nodes: z.array(idSchema).min(1).max(256).optional(),
  apps: z.array(idSchema).min(1).max(256).optional(),
  verbs: z.array(wordSchema).min(1).max(64).optional(),
  /** What a release under this grant may change: images of these repositories, these fields. */
  content: z
    .looseObject({
      images: z.array(z.string().min(1).max(255)).max(64).optional(),
      fields: z.array(z.string().min(1).max(128)).max(64).optional(),
    })
    .optional(),
  expiresAt: timeSchema.optional(),
});

/** LOG-24: the most owners' devices that a fleet can ask for. */
const MAX_THRESHOLD = 8;

const revocationFields = {
  cutoff: cutoffSchema,
  /** Revocations of the same key whose cut-offs go on counting beside this one: a long cut-off comes in parts. */
  besides: z.array(hashSchema).max(64).optional(),
};

/** What each entry kind carries. A kind that is not here is refused by name (LOG-9). */
export const entrySchemas = {
  genesis: z.looseObject({
    kind: z.literal('genesis'),
    fleetName: nameSchema,
    person: personSchema.extend({ role: z.literal('owner') }),
    device: deviceSchema,
    recovery: recoveryKeySchema,
    core: coreIdentitySchema.extend({ epoch: z.literal(1) }),
  }),
  'add-person': personSchema.extend({ kind: z.literal('add-person') }),
  'add-device': z.looseObject({ kind: z.literal('add-device'), device: deviceSchema, personId: idSchema }),
  'add-node': z.looseObject({ kind: z.literal('add-node'), node: nodeIdentitySchema }),
  core: coreIdentitySchema.extend({ kind: z.literal('core') }),
  'revoke-device': z.looseObject({ kind: z.literal('revoke-device'), deviceId: idSchema, ...revocationFields }),
  'revoke-person': z.looseObject({ kind: z.literal('revoke-person'), personId: idSchema, ...revocationFields }),
  'revoke-node': z.looseObject({ kind: z.literal('revoke-node'), nodeId: idSchema }),
  grant: grantSchema.extend({ kind: z.literal('grant') }),
  recovery: recoveryKeySchema.extend({ kind: z.literal('recovery') }),
  threshold: z.looseObject({ kind: z.literal('threshold'), owners: z.number().int().min(1).max(MAX_THRESHOLD) }),
  rename: z.looseObject({
    kind: z.literal('rename'),
    what: z.enum(['person', 'device', 'node']),
    id: idSchema,
    name: nameSchema,
  }),
};

export type EntryKind = keyof typeof entrySchemas;

/** Places that one entry builds on at most. */
export const MAX_PARENTS = 64;

/** The envelope payload around an entry; the entry itself is checked by its kind's own schema. */
export const trustPayloadSchema = z.looseObject({
  ...commonFields,
  parents: z.array(hashSchema).max(MAX_PARENTS),
  at: timeSchema,
  entry: z.looseObject({ kind: z.string().min(1).max(64) }),
});

export type Role = z.output<typeof roleSchema>;
export type DeviceKind = z.output<typeof deviceKindSchema>;
export type Device = z.output<typeof deviceSchema>;
export type NodeIdentity = z.output<typeof nodeIdentitySchema>;
export type CoreIdentity = z.output<typeof coreIdentitySchema>;
export type Person = z.output<typeof personSchema>;
export type RecoveryKey = z.output<typeof recoveryKeySchema>;
export type Grant = z.output<typeof grantSchema>;
export type GenesisEntry = z.output<(typeof entrySchemas)['genesis']>;
export type TrustEntry = { [K in EntryKind]: z.output<(typeof entrySchemas)[K]> }[EntryKind];
export type TrustPayload = z.output<typeof trustPayloadSchema>;
