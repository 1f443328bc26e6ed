import type { CatalogInputView } from '#shared/contracts/ipc/index.ts';

export type InputValue = string | number | boolean;

/** What the wizard's fields hold: numbers as they are typed. */
export type FieldValue = string | boolean;

export type InputProblem =
  | { readonly kind: 'missing' }
  | { readonly kind: 'pattern'; readonly hint: string }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'number'; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'option'; readonly options: readonly string[] };

/** What a field holds before anybody typed. */
export function initialValue(input: CatalogInputView): FieldValue {
  if (input.type === 'boolean') return input.default === true;
  return input.default === null ? '' : String(input.default);
}

/** Judges one field by the rules of its catalogue entry, as the device does again when the app is made. */
export function checkInput(input: CatalogInputView, value: FieldValue): InputProblem | null {
  if (input.type === 'boolean') return null;
  const text = String(value);
  if (text === '') return input.optional || input.default !== null ? null : { kind: 'missing' };
  if (input.type === 'choice') return input.options.includes(text) ? null : { kind: 'option', options: input.options };
  if (input.type === 'integer') {
    const number = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    const fits = number >= (input.min ?? -Infinity) && number <= (input.max ?? Infinity);
    return fits ? null : { kind: 'number', min: input.min, max: input.max };
  }
  if (text.length > 1_000 || /\p{Cc}/u.test(text)) return { kind: 'too-long' };
  const wanted = patternOf(input.pattern);
  return wanted === undefined || wanted.test(text) ? null : { kind: 'pattern', hint: input.hint ?? `${input.pattern}` };
}

/** Values for `createApp`: fields that stand at nothing are left to their default. */
export function toInputValues(
  inputs: readonly CatalogInputView[],
  values: Readonly<Record<string, FieldValue>>,
): Record<string, InputValue> {
  const given: Record<string, InputValue> = {};
  for (const input of inputs) {
    const value = values[input.name] ?? initialValue(input);
    if (value === '') continue;
    given[input.name] = input.type === 'integer' ? Number(value) : value;
  }
  return given;
}

/** A pattern that this engine can not read does not stop the person: the device judges too. */
function patternOf(pattern: string | null): RegExp | undefined {
  if (pattern === null) return undefined;
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    return undefined;
  }
}
