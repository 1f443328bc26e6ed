import { expect, it } from 'vitest';
import type { TrustState } from '#shared/trust/index.ts';
import type { OpenedRow } from './row.ts';
import { createUnprovenRows } from './unproven-rows.ts';

const doc = 'fleet';
const rowOf = (seq: number, hash = `row ${seq}`) =>
  ({
    hash,
    row: { doc, device: 'lost', writer: 'w', seq, prevHash: seq === 1 ? null : `row ${seq - 1}` },
  }) as OpenedRow;
const trustOf = (seq: number) => {
  const rows = [{ doc, writer: 'w', seq, hash: `row ${seq}` }];
  return { head: 'log', revokedDevices: new Map([['lost', { cutoffs: [{ rows }] }]]) } as unknown as TrustState;
};
const nothing = { head: () => undefined };

it('LOG-19: a long chain below a cut-off is proven once, not with each row that comes', () => {
  const count = 40_000;
  const trust = trustOf(count);
  const unproven = createUnprovenRows(nothing);
  const ready = [];
  for (let seq = 1; seq <= count; seq++) ready.push(...unproven.arrive(rowOf(seq), trust).ready);
  expect(ready.map(({ row }) => row.seq)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
}, 5_000);

it('LOG-19: rows without a proof do not fill the memory, and the proof is taken all the same', () => {
  const trust = trustOf(3);
  const unproven = createUnprovenRows(nothing);
  unproven.arrive(rowOf(1), trust);
  unproven.arrive(rowOf(2), trust);
  let refused = 0;
  for (let lie = 0; lie < 60_000; lie++) refused += unproven.arrive(rowOf(2, `lie ${lie}`), trust).forged.length;
  expect(refused).toBe(60_000 - (50_000 - 2));
  const { ready, forged } = unproven.arrive(rowOf(3), trust);
  expect(ready.map(({ hash }) => hash)).toEqual(['row 1', 'row 2', 'row 3']);
  expect(forged).toHaveLength(50_000 - 2);
}, 5_000);
