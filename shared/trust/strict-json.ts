import { err, type Fault, fault, ok, type Result, utf8, utf8ToText } from '#shared/kernel/index.ts';

/** Containers inside containers, the outermost counted. */
export const MAX_JSON_DEPTH = 16;

const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORDS = ['true', 'false', 'null'] as const;

/** Size limit in UTF-8 bytes, depth in containers. */
export interface JsonLimits {
  readonly maxBytes: number;
  readonly maxDepth?: number;
}

/**
 * ENV-5: parses JSON that came from somebody else. Everything that JSON.parse would let through but two readers might
 * read in two ways, or that would cost more than it should, is refused before JSON.parse sees it. The walk is a loop,
 * so depth costs no stack.
 */
export function parseStrictJson(input: string | Uint8Array, limits: JsonLimits): Result<unknown> {
  if (input.length > limits.maxBytes) return err(tooLarge(input.length, limits.maxBytes));
  let text: string;
  if (typeof input === 'string') {
    text = input;
    const size = utf8(text).length;
    if (size > limits.maxBytes) return err(tooLarge(size, limits.maxBytes));
  } else {
    try {
      text = utf8ToText(input);
    } catch {
      return err(fault('json.not-utf8', 'permanent', 'the text is not valid UTF-8', 'send UTF-8'));
    }
  }
  const problem = findProblem(text, limits.maxDepth ?? MAX_JSON_DEPTH);
  return problem === undefined ? ok(JSON.parse(text) as unknown) : err(problem);
}

type Expect = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'comma';

/** Walks the text once with a stack of key sets (null for an array). */
function findProblem(text: string, maxDepth: number): Fault | undefined {
  const stack: (Set<string> | null)[] = [];
  let expect: Expect = 'value';
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const char = text.charAt(at);
    if (expect === 'comma') {
      const keys = stack.at(-1);
      if (keys === undefined) return malformed(at, 'text after the end');
      if (char === ',') expect = keys === null ? 'value' : 'key';
      else if (char === (keys === null ? ']' : '}')) stack.pop();
      else return malformed(at, 'a comma or the end of the container is missing');
      at += 1;
    } else if (expect === 'colon') {
      if (char !== ':') return malformed(at, 'a colon is missing');
      expect = 'value';
      at += 1;
    } else if (expect === 'first-key' && char === '}') {
      stack.pop();
      expect = 'comma';
      at += 1;
    } else if (expect === 'first-value' && char === ']') {
      stack.pop();
      expect = 'comma';
      at += 1;
    } else if (char === '"') {
      const end = endOfString(text, at);
      if (end === undefined) return malformed(at, 'a string does not end or holds a bad escape');
      const value = JSON.parse(text.slice(at, end)) as string;
      if (!value.isWellFormed()) return loneSurrogate(at);
      if (expect === 'key' || expect === 'first-key') {
        if (RESERVED.has(value)) return reservedKey(value);
        const keys = stack.at(-1);
        if (keys?.has(value)) return duplicateKey(value);
        keys?.add(value);
        expect = 'colon';
      } else expect = 'comma';
      at = end;
    } else if (expect === 'key' || expect === 'first-key') {
      return malformed(at, 'a key in quotes is missing');
    } else if (char === '{' || char === '[') {
      if (stack.length >= maxDepth) return tooDeep(maxDepth);
      stack.push(char === '{' ? new Set() : null);
      expect = char === '{' ? 'first-key' : 'first-value';
      at += 1;
    } else {
      const end = endOfScalar(text, at);
      if (end === undefined) return malformed(at, 'this is not a JSON value');
      expect = 'comma';
      at = end;
    }
    at = skipSpace(text, at);
  }
  return expect === 'comma' && stack.length === 0 ? undefined : malformed(at, 'the text ends early');
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
  }
  return at;
}

function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return undefined;
    if (code !== 0x5c) continue;
    at += 1;
    const letter = text.charAt(at);
    if (letter === 'u') {
      if (!/^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) return undefined;
      at += 4;
    } else if (letter === '' || !'"\\/bfnrt'.includes(letter)) return undefined;
  }
  return undefined;
}

function endOfScalar(text: string, start: number): number | undefined {
  for (const word of WORDS) if (text.startsWith(word, start)) return start + word.length;
  NUMBER.lastIndex = start;
  const match = NUMBER.exec(text);
  // 1e999 would become Infinity, which JSON can not carry on.
  return match && Number.isFinite(Number(match[0])) ? NUMBER.lastIndex : undefined;
}

function tooLarge(size: number, max: number): Fault {
  return fault('json.too-large', 'permanent', `the text has ${size} bytes, at most ${max} are taken`, 'send less');
}
function tooDeep(max: number): Fault {
  return fault('json.too-deep', 'permanent', `the text nests deeper than ${max} levels`, 'send a flatter value');
}
function malformed(at: number, what: string): Fault {
  return fault('json.malformed', 'permanent', `not JSON at character ${at}: ${what}`, 'send valid JSON');
}
function duplicateKey(key: string): Fault {
  return fault('json.duplicate-key', 'permanent', `the key ${quote(key)} stands twice`, 'name each key once', {
    field: key.slice(0, 64),
  });
}
function reservedKey(key: string): Fault {
  return fault('json.reserved-key', 'permanent', `the key ${quote(key)} is reserved`, 'use another key', {
    field: key,
  });
}
function loneSurrogate(at: number): Fault {
  return fault('json.lone-surrogate', 'permanent', `half a character at ${at}`, 'send well-formed text');
}
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}
