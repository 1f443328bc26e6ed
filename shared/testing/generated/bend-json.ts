import type { Chance } from './chance.ts';
import { hostileTexts, hostileValues } from './hostile-values.ts';

/** A copy of a JSON value with one thing in it changed: a scalar, a key, an element, a branch. */
export function bendJson(value: unknown, chance: Chance, others: readonly unknown[]): unknown {
  const inside = typeof value === 'object' && value !== null && Object.keys(value).length > 0 && !chance.once(4);
  if (!inside) return bent(value, chance, others);
  if (Array.isArray(value)) return bendArray(value, chance, others);
  return bendObject(value as Record<string, unknown>, chance, others);
}

function bendArray(list: readonly unknown[], chance: Chance, others: readonly unknown[]): unknown[] {
  const at = chance.number(list.length);
  const whole = [...list];
  const item = list[at];
  const ways = [
    () => whole.splice(at, 1),
    () => whole.splice(at, 0, item),
    () => whole.push(...Array.from({ length: chance.pick([1, 10, 300]) }, () => item)),
    () => whole.reverse(),
  ];
  if (chance.once(3)) chance.pick(ways)();
  else whole[at] = bendJson(item, chance, others);
  return whole;
}

function bendObject(value: Record<string, unknown>, chance: Chance, others: readonly unknown[]): object {
  const entries = Object.entries(value);
  const at = chance.number(entries.length);
  const [key, inner] = entries[at] as [string, unknown];
  const other = entries[chance.number(entries.length)]?.[1];
  const ways = [
    () => entries.splice(at, 1),
    () => entries.splice(at, 0, [chance.pick(hostileTexts), chance.pick(hostileValues)]),
    () => entries.splice(at, 1, [key.toUpperCase(), inner]),
    () => entries.splice(at, 1, [key, other]),
    () => entries.reverse(),
  ];
  if (chance.once(2)) chance.pick(ways)();
  else entries[at] = [key, bendJson(inner, chance, others)];
  return Object.fromEntries(entries);
}

function bent(value: unknown, chance: Chance, others: readonly unknown[]): unknown {
  if (chance.once(8)) return nested(value, chance.pick([1, 2, 8, 15, 16, 17, 40]), chance);
  if (chance.once(8)) return branchOf(chance.pick(others), chance);
  if (typeof value === 'string' && value !== '' && !chance.once(3)) return bendText(value, chance);
  if (typeof value === 'number' && !chance.once(3))
    return chance.pick([value + 1, value - 1, -value, value + 0.5, value * 2 ** 20, String(value)]);
  return chance.pick(hostileValues);
}

function nested(value: unknown, depth: number, chance: Chance): unknown {
  let whole = value;
  for (let level = 0; level < depth; level++) whole = chance.once(2) ? [whole] : { a: whole };
  return whole;
}

function branchOf(value: unknown, chance: Chance): unknown {
  if (typeof value !== 'object' || value === null || chance.once(4)) return value;
  const inner = Object.values(value);
  return inner.length === 0 ? value : branchOf(chance.pick(inner), chance);
}

function bendText(text: string, chance: Chance): string {
  const at = chance.number(text.length);
  const piece = chance.pick(hostileTexts);
  return chance.pick([
    () => text.slice(0, at),
    () => text.slice(at),
    () => text + text,
    () => text.slice(0, at) + piece + text.slice(at),
    () => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << chance.number(7))) + text.slice(at + 1),
    () => text.toUpperCase(),
    () => ` ${text} `,
    () => text.repeat(chance.pick([3, 50])),
  ])();
}
