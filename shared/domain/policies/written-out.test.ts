import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { parseComposeDocument } from './compose-document.ts';
import { writtenOut } from './written-out.ts';

const sizeOf = (text: string) => writtenOut(parseDocument(text), 1_000_000_000);

/** Levels of ten aliases each of the level below. */
function bomb(levels: number): string {
  const lines = ['x-0: &a0 [a, a, a, a, a, a, a, a, a, a]'];
  for (let level = 1; level <= levels; level++)
    lines.push(
      `x-${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  return `${lines.join('\n')}\nservices: {web: {image: nginx}}\n`;
}

describe('a file with its aliases written out', () => {
  test('has as many values as stand there, each alias for all of its anchor', () => {
    expect(sizeOf('a: 1')).toBe(3);
    expect(sizeOf('a: &x [1, 2]\nb: *x')).toBe(1 + 2 + 2 * 3);
    expect(sizeOf('a: &x {k: 1}\nb: {<<: *x}')).toBe(1 + (1 + 3) + (1 + 1 + 1 + 3));
  });

  test('A8-20: is refused where aliases of aliases stand for too many, and quickly', () => {
    const from = performance.now();
    expect(parseComposeDocument(bomb(9))).toMatchObject({ ok: false, error: { code: 'compose.too-deep' } });
    expect(performance.now() - from).toBeLessThan(500);
    expect(parseComposeDocument(bomb(2)).ok).toBe(true);
  });

  test('A8-20: has no end where an alias leads into itself', () => {
    expect(sizeOf('a: &x [*x]')).toBe(Number.POSITIVE_INFINITY);
    expect(parseComposeDocument('a: &x {b: *x}')).toMatchObject({ ok: false });
  });
});
