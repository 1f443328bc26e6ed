import { expect, test } from 'vitest';
import { fault } from '#shared/kernel/index.ts';
import { createOutput } from './output.ts';
import { createStyle } from './style.ts';

function setup(options: { json?: boolean; terminal?: boolean; env?: Record<string, string> } = {}) {
  const written = { out: '', err: '' };
  const isTTY = options.terminal ?? false;
  const style = createStyle(isTTY, options.env ?? {});
  const output = createOutput(
    {
      stdout: { isTTY, write: (text) => (written.out += text) },
      stderr: { isTTY, write: (text) => (written.err += text) },
    },
    { json: options.json ?? false, style, errorStyle: style },
  );
  return { output, written };
}

const refused = fault('release.below-floor', 'conflict', 'release 3 of "feeds" is below the floor', 'plan again');

test('an error is one line of what happened and one of what to do', () => {
  const { output, written } = setup();
  output.fault(refused);
  expect(written.err).toBe(
    'error: release 3 of "feeds" is below the floor\nfix: plan again\ncode: release.below-floor\n',
  );
});

test('in JSON mode an error is a document on standard output and nothing else is written', () => {
  const { output, written } = setup({ json: true });
  output.line('a result');
  output.note('a remark');
  output.status('working');
  output.fault(refused);
  expect(JSON.parse(written.out)).toEqual({ error: { ...refused } });
  expect(written.err).toBe('');
});

test('A8-26: what a node or an image wrote can not colour or move the terminal', () => {
  const { output, written } = setup();
  output.line('name \u001b[2J');
  output.table(['name'], [['\u001b]0;title\u0007']]);
  const shown = `${written.out}${written.err}`;
  expect(shown.includes('\u001b') || shown.includes('\u0007')).toBe(false);
});

test('A8-26: nor can it through a document', () => {
  const { output, written } = setup({ json: true });
  output.document({ name: '\u009b2J\u202e' });
  output.record({ line: '\u009d0;title\u009c' });
  output.fault(fault('cli.bug', 'permanent', '\u2066x\u0085', 'y'));
  expect(written.out).toMatch(/^[\n\x20-\x7e]*$/);
  expect(
    written.out
      .split('\n')
      .slice(0, 2)
      .map((one) => JSON.parse(one)),
  ).toEqual([{ name: '\u009b2J\u202e' }, { line: '\u009d0;title\u009c' }]);
});

test('colours only on a terminal and not with NO_COLOR', () => {
  const colour = setup({ terminal: true });
  colour.output.line('good', 'good');
  expect(colour.written.out).toBe('\u001b[32mgood\u001b[0m\n');
  const none = setup({ terminal: true, env: { NO_COLOR: '1' } });
  none.output.line('good', 'good');
  expect(none.written.out).toBe('good\n');
});
