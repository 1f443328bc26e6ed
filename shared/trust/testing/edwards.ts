import { sha512 } from '@noble/hashes/sha2.js';

/**
 * Edwards arithmetic by the definitions of RFC 8032 §5.1, in bigints and slow: to make keys and signatures that no honest
 * program makes. Never for keys that protect anything.
 */
const P = 2n ** 255n - 19n;
const D = mod(-121665n * power(121666n, P - 2n));
const SQRT_M1 = power(2n, (P - 1n) / 4n);

/** The order of the base point. */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;

export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

export const IDENTITY: Point = { x: 0n, y: 1n };
/** y = 4/5 with the even x. */
export const BASE: Point = decodePoint(littleEndian(mod(4n * power(5n, P - 2n)))) as Point;

function mod(value: bigint, by = P): bigint {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

/** The sum of two points, by the complete addition law. */
export function add(a: Point, b: Point): Point {
  const both = mod(D * mod(a.x * b.x) * mod(a.y * b.y));
  return {
    x: mod(mod(a.x * b.y + b.x * a.y) * power(1n + both, P - 2n)),
    y: mod(mod(a.y * b.y + a.x * b.x) * power(1n - both, P - 2n)),
  };
}

/** A point times a number. */
export function multiply(point: Point, times: bigint): Point {
  let result = IDENTITY;
  let double = point;
  for (let left = times; left > 0n; left >>= 1n) {
    if (left & 1n) result = add(result, double);
    double = add(double, double);
  }
  return result;
}

export const negate = (point: Point): Point => ({ x: mod(-point.x), y: point.y });

/** 32 bytes: y, and the lowest bit of x as its highest. */
export function encodePoint(point: Point): Uint8Array<ArrayBuffer> {
  const bytes = littleEndian(point.y);
  bytes[31] = (bytes[31] ?? 0) | Number((point.x & 1n) << 7n);
  return bytes;
}

/** The point of 32 bytes, y taken modulo p; undefined where there is none. */
export function decodePoint(bytes: Uint8Array): Point | undefined {
  const sign = BigInt((bytes[31] ?? 0) >> 7);
  const y = mod(toNumber(bytes) & (2n ** 255n - 1n));
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * SQRT_M1);
  if (mod(x * x) !== square) return undefined;
  return { x: (x & 1n) === sign ? x : mod(-x), y };
}

/** 32 bytes, the lowest first. */
export function littleEndian(value: bigint): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

/** The number whose bytes these are, the lowest first. */
export function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** A generator of the eight points of small order: what is left of a random point when its large part is taken away. */
export function torsionPoint(): Point {
  for (let y = 2n; ; y++) {
    const point = decodePoint(littleEndian(y));
    const torsion = point && multiply(point, L);
    if (torsion && multiply(torsion, 4n).y !== 1n) return torsion;
  }
}

/** RFC 8032 §5.1.6: what R, A and the message hash to. `dom` is the prefix of Ed25519ctx and Ed25519ph. */
export function challengeOf(
  r: Uint8Array,
  key: Uint8Array,
  message: Uint8Array,
  dom: Uint8Array = new Uint8Array(),
): bigint {
  return mod(toNumber(sha512(new Uint8Array([...dom, ...r, ...key, ...message]))), L);
}

/** R || S with S = r + k·a mod L, for an R and a key as they are given. */
export function signAs(about: {
  r: bigint;
  a: bigint;
  R: Uint8Array;
  A: Uint8Array;
  message: Uint8Array;
  dom?: Uint8Array;
}): Uint8Array<ArrayBuffer> {
  const k = challengeOf(about.R, about.A, about.message, about.dom);
  return new Uint8Array([...about.R, ...littleEndian(mod(about.r + k * about.a, L))]);
}
