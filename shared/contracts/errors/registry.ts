import type { Fault, FaultKind } from '#shared/kernel/index.ts';
import { type CodeMeaning, codes } from './codes.ts';

/** HTTP status of a fault that has no place of its own below. */
const STATUS_OF_KIND: Readonly<Record<FaultKind, number>> = {
  transient: 503,
  denied: 403,
  conflict: 409,
  permanent: 400,
};

/** Codes whose meaning HTTP has a closer status for. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  'app.unknown': 404,
  'core.internal': 500,
  'job.unknown': 404,
  'node.unknown': 404,
  'proposal.unknown': 404,
  'request.media-type': 415,
  'request.not-found': 404,
  'request.too-large': 413,
  'request.too-many': 429,
  'row.too-many-refused': 429,
  'session.expired': 401,
  'session.required': 401,
  'session.stale-challenge': 401,
  'stream.unknown': 404,
  'token.absent': 404,
  'token.expired': 401,
  'token.orphaned': 401,
  'token.revoked': 401,
  'token.unknown': 401,
  'web.absent': 404,
};

/** A code of the registry. */
export type FaultCode = keyof typeof codes;

/** HTTP status that tells of this fault. */
export function statusOfFault(fault: Pick<Fault, 'code' | 'kind'>): number {
  return STATUS_OF_CODE[fault.code] ?? STATUS_OF_KIND[fault.kind];
}

/** What a code means, or undefined for one that is not registered. */
export function meaningOf(code: string): CodeMeaning | undefined {
  return Object.hasOwn(codes, code) ? codes[code as FaultCode] : undefined;
}

/** Kinds that a code may have. */
export function kindsOf(meaning: CodeMeaning): readonly FaultKind[] {
  return typeof meaning.kind === 'string' ? [meaning.kind] : meaning.kind;
}
