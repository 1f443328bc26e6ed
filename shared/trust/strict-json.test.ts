import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#shared/kernel/index.ts';
import { parseStrictJson } from './strict-json.ts';
import { codeOf } from './testing/test-fleet.ts';

const limits = { maxBytes: 1_000_000 };
const code = (text: string | Uint8Array) => codeOf(parseStrictJson(text, limits));

describe('ENV-5: strict JSON', () => {
  it.each([
    ['{"a":1,"a":2}', 'json.duplicate-key'],
    ['{"a":1,"\\u0061":2}', 'json.duplicate-key'],
    ['[{"b":{"x":1,"x":1}}]', 'json.duplicate-key'],
    ['{"__proto__":1}', 'json.reserved-key'],
    ['{"\\u005f_proto__":1}', 'json.reserved-key'],
    ['{"a":{"constructor":1}}', 'json.reserved-key'],
    ['[[{"prototype":null}]]', 'json.reserved-key'],
    ['"\\ud800"', 'json.lone-surrogate'],
    ['"\\udc00\\ud800"', 'json.lone-surrogate'],
    ['{"\ud800":1}', 'json.lone-surrogate'],
    ['', 'json.malformed'],
    [' ', 'json.malformed'],
    ['{', 'json.malformed'],
    ['{"a"', 'json.malformed'],
    ['{"a":', 'json.malformed'],
    ['{"a":1', 'json.malformed'],
    ['{"a":1,}', 'json.malformed'],
    ['[1,]', 'json.malformed'],
    ['[,1]', 'json.malformed'],
    ['{,}', 'json.malformed'],
    ['[1 2]', 'json.malformed'],
    ['[1}', 'json.malformed'],
    ['{"a":1]', 'json.malformed'],
    ['{1:2}', 'json.malformed'],
    ["{'a':1}", 'json.malformed'],
    ['1 1', 'json.malformed'],
    ['{} {}', 'json.malformed'],
    [']', 'json.malformed'],
    [',', 'json.malformed'],
    ['01', 'json.malformed'],
    ['+1', 'json.malformed'],
    ['.5', 'json.malformed'],
    ['1.', 'json.malformed'],
    ['0x10', 'json.malformed'],
    ['NaN', 'json.malformed'],
    ['1e999', 'json.malformed'],
    ['-1e999', 'json.malformed'],
    ['nul', 'json.malformed'],
    ['truex', 'json.malformed'],
    ['"a\nb"', 'json.malformed'],
    ['"a', 'json.malformed'],
    ['"\\x41"', 'json.malformed'],
    ['"\\u12g4"', 'json.malformed'],
    ['"\\', 'json.malformed'],
    ['\ufeff1', 'json.malformed'],
    ['\u00a01', 'json.malformed'],
    ['/* */1', 'json.malformed'],
  ])('refuses %j as %s', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it('takes 16 levels and refuses 17, in arrays, objects and mixed', () => {
    expect(code('['.repeat(16) + ']'.repeat(16))).toBe('ok');
    expect(code('['.repeat(17) + ']'.repeat(17))).toBe('json.too-deep');
    expect(code(`${'{"a":'.repeat(17)}1${'}'.repeat(17)}`)).toBe('json.too-deep');
    expect(code(`${'[{"a":'.repeat(9)}1${'}]'.repeat(9)}`)).toBe('json.too-deep');
  });

  it('answers to 400,000 open brackets at once and without recursion', () => {
    expect(code('['.repeat(400_000))).toBe('json.too-deep');
    expect(code('{"a":'.repeat(150_000))).toBe('json.too-deep');
  });

  it('counts bytes, not characters', () => {
    expect(codeOf(parseStrictJson('"éé"', { maxBytes: 6 }))).toBe('ok');
    expect(codeOf(parseStrictJson('"ééé"', { maxBytes: 6 }))).toBe('json.too-large');
    expect(codeOf(parseStrictJson(new Uint8Array(7).fill(32), { maxBytes: 6 }))).toBe('json.too-large');
  });

  it('refuses bytes that are no UTF-8 and a byte order mark', () => {
    expect(code(Uint8Array.of(0x22, 0xff, 0x22))).toBe('json.not-utf8');
    expect(code(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toBe('json.not-utf8');
    expect(code(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31))).toBe('json.malformed');
  });

  it('leaves no trace in the prototype of a fresh object', () => {
    for (const text of ['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}']) code(text);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('reads what JSON.stringify writes, with any white space, to the same value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t', ' '), (text, space) => {
        const value: unknown = JSON.parse(text);
        const parsed = parseStrictJson(JSON.stringify(value, null, space), limits);
        // fc.json may make reserved keys or half characters: then the refusal has its own code.
        if (parsed.ok) expect(parsed.value).toEqual(value);
        else expect(['json.reserved-key', 'json.lone-surrogate']).toContain(parsed.error.code);
      }),
    );
  });

  it('never takes a text that JSON.parse refuses', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-0',
      '1e2',
      'null',
      ' ',
      '\\',
      '"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const parsed = parseStrictJson(utf8(text), limits);
        if (parsed.ok) expect(parsed.value).toEqual(JSON.parse(text));
        else {
          let reference: unknown;
          try {
            reference = JSON.parse(text);
          } catch {
            return;
          }
          expect(parsed.error.code, `${text} reads as ${JSON.stringify(reference)}`).toBe('json.duplicate-key');
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
