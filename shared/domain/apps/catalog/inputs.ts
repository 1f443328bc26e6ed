import { err, fault, ok, type Result } from '../../../kernel/index.ts';
import type { CatalogApp, CatalogInput } from './app-schema.ts';
import { nearMiss } from './near-miss.ts';

export type InputValue = string | number | boolean;

/**
 * Checks what the person gave against the entry's inputs and fills in defaults. Texts, as a command line gives them,
 * are read as the input's type. Error `catalog.bad-input` names the input as `inputs.<name>`.
 */
export function parseInputs(
  app: CatalogApp,
  given: Readonly<Record<string, InputValue>>,
): Result<Map<string, InputValue>> {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(app.inputs, name)) {
      const meant = nearMiss(name, Object.keys(app.inputs));
      const known = Object.keys(app.inputs).join(', ') || 'none';
      return bad(name, `${app.name} has no input ${name}`, meant ? `Did you mean ${meant}?` : `Its inputs: ${known}.`);
    }
  const values = new Map<string, InputValue>();
  for (const [name, input] of Object.entries(app.inputs)) {
    const value = Object.hasOwn(given, name) && given[name] !== '' ? given[name] : input.default;
    if (value === undefined) {
      if (input.optional) continue;
      return bad(name, `${input.label} (${name}) is missing`, `Give it with --input ${name}=…`);
    }
    const read = readValue(name, input, value);
    if (!read.ok) return read;
    values.set(name, read.value);
  }
  return ok(values);
}

/** Reads one value as its input's type. */
export function readValue(name: string, input: CatalogInput, value: InputValue): Result<InputValue> {
  const wrong = (wants: string) =>
    bad(name, `${input.label} (${name}) is ${JSON.stringify(value)}`, `It must be ${wants}.`);
  switch (input.type) {
    case 'string': {
      const text = String(value);
      if (/\p{Cc}/u.test(text) || text.length > 1_000) return wrong('one line of at most 1000 characters');
      if (input.pattern !== undefined && !new RegExp(`^(?:${input.pattern})$`, 'u').test(text))
        return wrong(input.hint ?? `of the form ${input.pattern}`);
      return ok(text);
    }
    case 'integer': {
      const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
      const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = input;
      if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max)
        return wrong(
          `a whole number${input.min === undefined ? '' : ` from ${min}`}${input.max === undefined ? '' : ` to ${max}`}`,
        );
      return ok(number);
    }
    case 'boolean':
      if (value === true || value === 'true' || value === 'yes') return ok(true);
      if (value === false || value === 'false' || value === 'no') return ok(false);
      return wrong('true or false');
    case 'choice':
      return input.options.includes(String(value)) ? ok(String(value)) : wrong(`one of ${input.options.join(', ')}`);
  }
}

function bad(name: string, message: string, next: string): Result<never> {
  return err(fault('catalog.bad-input', 'permanent', `${message}.`, next, { field: `inputs.${name}` }));
}
