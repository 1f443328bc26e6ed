import { bendJson } from './bend-json.ts';
import type { Chance } from './chance.ts';
import { growing, hostilePieces } from './hostile-values.ts';

/** Inputs to bend: those that are JSON, also as their values. */
export interface Samples {
  readonly inputs: readonly Uint8Array[];
  readonly values: readonly unknown[];
}

const encoder = new TextEncoder();

/** JSON that is longer is not bent any further. */
const MOST_TO_BEND = 8_192;

/** Reads which of the valid inputs are JSON. */
export function createSamples(inputs: readonly Uint8Array[]): Samples {
  return { inputs, values: inputs.map(jsonValueOf).filter((value) => value !== undefined) };
}

function jsonValueOf(input: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(input));
  } catch {
    return undefined;
  }
}

/** The next input: mostly a valid one with something bent, sometimes rubbish, seldom large. */
export function nextInput(samples: Samples, chance: Chance, largest: number): Uint8Array {
  if (chance.once(1_000)) return grown(samples, chance, largest);
  if (chance.once(10)) return rubbish(chance);
  if (samples.values.length === 0 || chance.once(3)) return bendBytes(chance.pick(samples.inputs), samples, chance);
  let value = bendJson(chance.pick(samples.values), chance, samples.values);
  let text = JSON.stringify(value) ?? '';
  // One bend can make it three hundred times as long: three of them in a row once filled the memory of this generator.
  while (chance.once(3) && text.length < MOST_TO_BEND) {
    value = bendJson(value, chance, samples.values);
    text = JSON.stringify(value) ?? '';
  }
  const whole = encoder.encode(chance.once(8) ? withPiece(text, chance) : text);
  return whole.length > largest ? whole.subarray(0, largest) : whole;
}

function withPiece(text: string, chance: Chance): string {
  const opens = [...text.matchAll(/[{[,:]/g)];
  const at = opens.length === 0 ? 0 : (chance.pick(opens).index ?? 0) + 1;
  return text.slice(0, at) + chance.pick(hostilePieces) + text.slice(at);
}

function rubbish(chance: Chance): Uint8Array {
  const length = chance.number(chance.pick([4, 64, 600]));
  if (chance.once(2)) return Uint8Array.from({ length }, () => chance.number(256));
  let text = '';
  while (text.length < length) text += chance.pick(hostilePieces);
  return encoder.encode(text);
}

function bendBytes(input: Uint8Array, samples: Samples, chance: Chance): Uint8Array {
  let bytes = input;
  for (let edits = 1 + chance.number(4); edits > 0; edits--) {
    const at = chance.number(bytes.length + 1);
    const to = Math.min(bytes.length, at + chance.number(chance.pick([2, 16, 200])));
    const other = chance.pick(samples.inputs);
    const from = chance.number(other.length + 1);
    const way = chance.number(7);
    if (way === 0) bytes = joined(bytes.subarray(0, at), bytes.subarray(to));
    else if (way === 1) bytes = joined(bytes.subarray(0, to), bytes.subarray(at));
    else if (way === 2) bytes = joined(bytes.subarray(0, at), other.subarray(from), bytes.subarray(to));
    else if (way === 3)
      bytes = joined(bytes.subarray(0, at), encoder.encode(chance.pick(hostilePieces)), bytes.subarray(at));
    else if (way === 4) bytes = bytes.subarray(0, at);
    else if (bytes.length > 0) {
      bytes = new Uint8Array(bytes);
      const place = at % bytes.length;
      bytes[place] = way === 5 ? chance.number(256) : (bytes[place] ?? 0) ^ (1 << chance.number(8));
    }
  }
  return bytes;
}

/** Something small, over and over, alone or inside of a valid input. */
function grown(samples: Samples, chance: Chance, largest: number): Uint8Array {
  const piece = encoder.encode(chance.pick([...growing, ...hostilePieces]));
  const size = chance.pick([0.01, 0.1, 0.5, 0.99, 1.01]) * largest;
  const times = Math.max(1, Math.floor(size / piece.length));
  const bytes = new Uint8Array(times * piece.length);
  for (let at = 0; at < times; at++) bytes.set(piece, at * piece.length);
  if (chance.once(2)) return bytes;
  const sample = chance.pick(samples.inputs);
  const at = chance.number(sample.length + 1);
  return joined(sample.subarray(0, at), bytes, sample.subarray(at));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The beginning of an input, for a person. */
export function showInput(input: Uint8Array): string {
  const text = new TextDecoder().decode(input.subarray(0, 600));
  return `${JSON.stringify(text)}${input.length > 600 ? ` … ${input.length} bytes` : ''}`;
}
