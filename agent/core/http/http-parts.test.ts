import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { listOperations } from '#shared/contracts/rest/index.ts';
import { FaultError, fault } from '#shared/kernel/index.ts';
import { createBuckets, createRateLimit } from '../rate-limit.ts';
import { openApiDocument } from './openapi.ts';
import { errorToFault, faultToProblem } from './problems.ts';
import { zodValidatorCompiler } from './validation.ts';

const clockAt = (start: number) => {
  let nowMs = start;
  return { nowMs: () => nowMs, pass: (ms: number) => (nowMs += ms) };
};

describe('rate limit', () => {
  test('lets a burst pass, then so many a second, for each caller apart', () => {
    const clock = clockAt(0);
    const limit = createRateLimit({ capacity: 2, perSecond: 0.5 }, clock);
    expect([limit('a'), limit('a'), limit('a')]).toEqual([0, 0, 2]);
    expect(limit('b')).toBe(0);
    clock.pass(2_000);
    expect([limit('a'), limit('a')]).toEqual([0, 2]);
  });

  test('what was found out only afterwards is owed: the wait is as long as the debt', () => {
    const clock = clockAt(0);
    const buckets = createBuckets({ capacity: 10, perSecond: 2 }, clock);
    buckets.owe('a', 10 + 19);
    expect([buckets.waitFor('a'), buckets.waitFor('b')]).toEqual([10, 0]);
    clock.pass(9_000);
    expect(buckets.take('a')).toBe(1);
    clock.pass(1_000);
    expect([buckets.take('a'), buckets.waitFor('a')]).toEqual([0, 1]);
  });

  test('a clock that jumps back gives nothing away and takes nothing', () => {
    const clock = clockAt(10_000);
    const limit = createRateLimit({ capacity: 1, perSecond: 1 }, clock);
    expect(limit('a')).toBe(0);
    clock.pass(-9_000);
    expect(limit('a')).toBe(1);
    clock.pass(1_000);
    expect(limit('a')).toBe(0);
  });
});

describe('validation', () => {
  const told = (schema: z.ZodType, data: unknown) => {
    const result = zodValidatorCompiler({ schema, httpPart: 'body' })(data);
    return 'error' in result ? [result.error?.fault.code, result.error?.fault.field] : 'taken';
  };

  test('names the field that does not fit and the one that is not known', () => {
    const schema = z.strictObject({ name: z.string(), inner: z.strictObject({ port: z.number() }) });
    expect(told(schema, { name: 'x', inner: { port: 1 } })).toBe('taken');
    expect(told(schema, { name: 'x', inner: { port: 'y' } })).toEqual(['request.invalid', 'inner.port']);
    expect(told(schema, { name: 'x', inner: { port: 1, prot: 2 } })).toEqual(['request.unknown-field', 'inner.prot']);
    expect(told(schema, 7)).toEqual(['request.invalid', 'body']);
  });

  test('of a union it tells of the form that was meant', () => {
    const schema = z.union([
      z.strictObject({ rows: z.array(z.string()) }),
      z.strictObject({ proposal: z.strictObject({}) }),
    ]);
    expect(told(schema, { rows: [1] })).toEqual(['request.invalid', 'rows.0']);
    expect(told(schema, { proposal: {} })).toBe('taken');
  });
});

describe('problems', () => {
  test('a fault becomes RFC 9457 details with what to do next', () => {
    const value = fault('job.unknown', 'permanent', 'There is no job x.', 'Look at the list.', {
      field: 'id',
      detail: { a: 'b' },
    });
    expect(faultToProblem(value)).toEqual({
      type: 'urn:overseer:fault:job.unknown',
      title: 'Not found',
      status: 404,
      detail: 'There is no job x.',
      code: 'job.unknown',
      kind: 'permanent',
      next: 'Look at the list.',
      field: 'id',
      facts: { a: 'b' },
    });
  });

  test('what is not ours tells nothing of the inside', () => {
    const told = faultToProblem(errorToFault(new Error('password is hunter2 at /srv/secret')));
    expect(JSON.stringify(told)).not.toMatch(/hunter2|srv/);
    expect(told).toMatchObject({ status: 500, code: 'core.internal' });
    expect(errorToFault(new FaultError(fault('a.b', 'denied', 'm', 'n'))).code).toBe('a.b');
  });
});

describe('OpenAPI', () => {
  test('describes every operation of the table with its schemas', () => {
    const document = openApiDocument() as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    for (const operation of listOperations()) {
      expect(document.paths[operation.path]?.[operation.method.toLowerCase()]?.operationId).toBe(operation.id);
    }
  });
});
