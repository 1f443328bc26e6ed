import { z } from 'zod';
import { ALPHABETS } from './generate-secret.ts';
import { nearMiss } from './near-miss.ts';

/** An object that refuses an unknown field by its name, and says which one was probably meant. */
function strict<Shape extends z.core.$ZodShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const [name = ''] = issue.keys;
      const meant = nearMiss(name, known);
      const hint = meant ? `did you mean "${meant}"?` : `known here: ${known.join(', ')}`;
      return `unknown field "${name}"; ${hint}`;
    },
  });
}

const name = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'a name is lower-case letters, digits and _, at most 40');
const serviceName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'not a service name');
const variable = z.string().regex(/^[A-Z_][A-Z0-9_]{0,127}$/, 'a variable is upper-case letters, digits and _');
const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'one line without control characters');
const port = z.number().int().min(1).max(65_535);

const inputBase = {
  label: line(60),
  description: line(200).optional(),
  /** The variable of compose.yaml that takes the value. */
  env: variable.optional(),
  /** May stay empty although it has no default. */
  optional: z.boolean().default(false),
};

/** One thing the person may choose. Values reach compose.yaml as variables, never as text pasted into it. */
export const catalogInputSchema = z.discriminatedUnion('type', [
  strict({
    ...inputBase,
    type: z.literal('string'),
    default: z.string().max(1_000).optional(),
    pattern: z.string().max(500).optional(),
    /** What the pattern means, in words: the error shows it. */
    hint: line(120).optional(),
  }),
  strict({
    ...inputBase,
    type: z.literal('integer'),
    default: z.number().int().optional(),
    min: z.number().int().optional(),
    max: z.number().int().optional(),
  }),
  strict({ ...inputBase, type: z.literal('boolean'), default: z.boolean().optional() }),
  strict({
    ...inputBase,
    type: z.literal('choice'),
    default: z.string().optional(),
    options: z.array(line(60)).min(2).max(50),
  }),
]);

const secretBase = {
  description: line(200),
  /** The person needs it, for instance to sign in: shown on request. */
  shown: z.boolean().default(false),
  /** Images that take it as a variable only; others take the file that compose.yaml mounts. */
  env: z
    .array(strict({ service: serviceName, variable }))
    .max(16)
    .default([]),
};

/** A secret made at random, or derived from others by a template such as `postgres://app:{{db_password}}@db/app`. */
export const catalogSecretSchema = z.union([
  strict({
    ...secretBase,
    generate: strict({
      length: z.number().int().min(16).max(256).default(32),
      alphabet: z.enum(Object.keys(ALPHABETS) as [keyof typeof ALPHABETS]).default('alphanumeric'),
    }),
  }),
  strict({ ...secretBase, template: z.string().min(1).max(4_000) }),
]);

/** How the data of a volume is to be saved. Read by backups; a hint, not an order. */
export const catalogBackupSchema = z.discriminatedUnion('method', [
  /** Files may be copied while the app runs. */
  strict({ method: z.literal('copy') }),
  /** Files are consistent only while these services are stopped. */
  strict({ method: z.literal('copy-stopped'), services: z.array(serviceName).min(1) }),
  /** A command in a service writes a consistent copy to its standard output. */
  strict({ method: z.literal('dump'), service: serviceName, command: z.array(z.string().min(1)).min(1) }),
  /** Nothing in it is worth keeping. */
  strict({ method: z.literal('none'), reason: line(200) }),
]);

/** catalog/<id>/app.yaml */
export const catalogAppSchema = strict({
  schema: z.literal(1, 'this Overseer reads schema 1; a newer entry needs a newer Overseer'),
  id: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, 'an id is lower-case letters, digits and hyphens'),
  name: line(60),
  description: line(300),
  website: z.url({ protocol: /^https$/, error: 'an https address' }),
  /** Of this entry: raised with every change of it. */
  version: z.string().regex(/^\d+\.\d+\.\d+(-\d+)?$/, 'a version such as 2.3.4 or 2.3.4-1'),
  inputs: z.record(name, catalogInputSchema).default({}),
  secrets: z.record(name, catalogSecretSchema).default({}),
  /** The service that gets the public name; without it the app has none. */
  route: strict({
    service: serviceName,
    port,
    scheme: z.enum(['http', 'https']).default('http'),
    /** Variables that need the public name: `{{hostname}}` stands for it. Not set without a route. */
    environment: z.record(variable, z.string().max(500)).default({}),
  }).optional(),
  /** Ports opened to the node's network when the person fills the named integer input: a signed exception each. */
  publish: z
    .array(strict({ service: serviceName, port, input: name, reason: line(200) }))
    .max(16)
    .default([]),
  volumes: z.record(z.string(), strict({ description: line(200), backup: catalogBackupSchema })).default({}),
  health: strict({
    timeoutSeconds: z.number().int().min(5).max(3_600).default(180),
    settleSeconds: z.number().int().min(0).max(600).default(5),
  }).prefault({}),
});

export type CatalogApp = z.output<typeof catalogAppSchema>;
export type CatalogInput = z.output<typeof catalogInputSchema>;
export type CatalogSecret = z.output<typeof catalogSecretSchema>;
