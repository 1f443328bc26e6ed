import { expect, it } from 'vitest';
import { figuresOf, hasPassed, tableOf } from './report.ts';
import type { RunResult } from './run-rows.ts';

const run = (kind: RunResult['kind'], took: boolean | undefined, good: boolean, id = 1): RunResult => ({
  id,
  engine: null,
  kind,
  name: 'one',
  took,
  good,
  saw: '',
  refusalMs: kind === 'attack' ? [4, 2, 3] : [],
});
const whole = [run('attack', false, true), run('switch', true, true), run('honest', true, true)];

it('passes when every id ran with an attack, a proof that it could succeed, and an honest twin', () => {
  const figures = figuresOf(whole, [1]);
  expect(hasPassed(figures)).toBe(true);
  expect(figures).toMatchObject({ attacksRun: 1, refused: 1, medianRefusalMs: 3, notRun: [] });
});

it('names an id that did not run, or not whole, and does not pass', () => {
  expect(figuresOf(whole, [1, 2]).notRun).toEqual(['2']);
  expect(figuresOf(whole.slice(0, 2), [1]).notRun).toEqual(['1']);
  expect(hasPassed(figuresOf(whole, [1, 2]))).toBe(false);
  expect(tableOf(whole, [1, 2])).toContain('did not run');
});

it('asks for the ids that an engine can decide on each engine, and says on which each ran', () => {
  const on = (engine: RunResult['engine']) => whole.map((one) => ({ ...one, id: 21, engine }));
  expect(figuresOf(on('28.5'), [21]).notRun).toEqual(['21 on 20.10']);
  expect(figuresOf(on('20.10'), [21]).notRun).toEqual(['21']);
  const both = [...on('28.5'), ...on('20.10')];
  expect(hasPassed(figuresOf(both, [21]))).toBe(true);
  expect(tableOf(both, [21]).match(/^ 21 .* (28\.5|20\.10) /gm)).toHaveLength(2);
});

it.each([
  ['an attack was taken', run('attack', true, false)],
  ['an attack does not succeed without its checks', run('switch', false, false)],
  ['an honest twin was refused', run('honest', false, false)],
  ['a run broke', run('layer', undefined, false)],
])('does not pass when %s', (_what, extra) => {
  expect(hasPassed(figuresOf([...whole, extra], [1]))).toBe(false);
});
