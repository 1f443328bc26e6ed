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
} from '../formats.ts';

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
};

export type EntryKind = keyof typeof entrySchemas;

/** The envelope payload around an entry; the entry itself is checked by its kind's own schema. */
export const trustPayloadSchema = z.looseObject({
  ...commonFields,
  parents: z.array(hashSchema).max(64),
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
export type GenesisEntry = z.output<(typeof entrySchemas)['genesis']>;
export type TrustEntry = { [K in EntryKind]: z.output<(typeof entrySchemas)[K]> }[EntryKind];
export type TrustPayload = z.output<typeof trustPayloadSchema>;
