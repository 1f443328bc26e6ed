import { expect, test } from 'vitest';
import type { JobStep } from '#shared/contracts/rest/index.ts';
import { createOutput } from '../output/output.ts';
import { createStyle } from '../output/style.ts';
import { createStepPrinter } from './follow-jobs.ts';

function show(steps: JobStep[], terminal = false): string[] {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  const style = createStyle(false, {});
  const out = createOutput(
    { stdout: { write, isTTY: terminal }, stderr: { write: () => undefined, isTTY: terminal } },
    { json: false, style, errorStyle: style },
  );
  const printer = createStepPrinter(out);
  for (const step of steps) printer.show(step);
  return written.split('\n').filter(Boolean);
}

const step = (name: JobStep['name'], state: JobStep['state'], second: number, text = ''): JobStep => ({
  name,
  state,
  at: `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`,
  text,
});

test('each step is told once with its time, in whatever order and however often it arrives', () => {
  const pull = [step('pull', 'started', 1), step('pull', 'done', 13, 'redis:8')];
  const lines = show([...pull, ...pull, step('start', 'failed', 14, 'no')]);
  expect(lines.map((line) => line.replace(/^\S+ +/, ''))).toEqual([
    'pull         started',
    'pull         done        12.0 s  redis:8',
    'start        failed              no',
  ]);
});

test('on a terminal a started step is a live line, not a line of its own', () => {
  expect(show([step('pull', 'started', 1), step('pull', 'done', 2)], true)).toHaveLength(1);
});
