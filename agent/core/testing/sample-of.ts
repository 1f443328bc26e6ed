/** The part of JSON Schema that the contracts use. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

const ID = 'a'.repeat(26);
const HASH = 'f'.repeat(64);

/** Texts for the patterns that the contracts have; the first that fits is taken. */
const texts = [
  ID,
  HASH,
  'A'.repeat(43),
  'AAAA',
  'fleet',
  'name',
  '1.0.0',
  '/x',
  '2026-03-01T12:00:00.000Z',
  'A'.repeat(22),
];

/** A value that a JSON schema takes, with all of its fields. */
export function sampleOf(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches?.[0] !== undefined) return sampleOf(branches[0]);
  if (schema.type === 'object') {
    const entries = Object.entries(schema.properties ?? {});
    return Object.fromEntries(entries.map(([key, inner]) => [key, sampleOf(inner)]));
  }
  if (schema.type === 'array')
    return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () => sampleOf(schema.items ?? {}));
  if (schema.type === 'string') return textFor(schema);
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  return schema.type === 'boolean' ? true : null;
}

function textFor(schema: JsonSchema): string {
  if (schema.format === 'date-time') return '2026-03-01T12:00:00.000Z';
  const pattern = schema.pattern === undefined ? /^/ : new RegExp(schema.pattern);
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  const fits = (text: string) => pattern.test(text) && text.length >= minLength && text.length <= maxLength;
  return texts.find(fits) ?? 'name';
}
