import { z } from 'zod';
import { listOperations, type Operation } from '#shared/contracts/rest/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import type { ParserUnderTest } from '#shared/testing/generated/parser-under-test.ts';
import { readJsonBody } from '../http/json-body.ts';
import { zodValidatorCompiler } from '../http/validation.ts';
import { type JsonSchema, sampleOf } from './sample-of.ts';

const MIB = 1024 * 1024;

function bodies(): { operation: Operation; schema: z.ZodType }[] {
  return listOperations().flatMap((operation) =>
    operation.body === undefined || operation.body === 'octets' ? [] : [{ operation, schema: operation.body }],
  );
}

/** The body of any operation; which one, stands beside it. */
export function restBody(): ParserUnderTest {
  const all = new Map(bodies().map(({ operation, schema }) => [operation.id, schema]));
  const samples = [...all].map(([operation, schema]) => {
    const body = sampleOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
    return Buffer.from(JSON.stringify({ operation, body }));
  });
  return {
    samples,
    largest: MIB,
    parse: (input): Result<unknown> => {
      const json = readJsonBody(new TextDecoder().decode(input));
      if (!json.ok) return json;
      // Not spread: a text of half a megabyte would become as many fields, and that time be the parser's.
      const said = (json.value ?? {}) as { operation?: unknown; body?: unknown };
      const [operation, body] = typeof said === 'object' ? [said.operation, said.body] : [];
      const schema = all.get(typeof operation === 'string' ? operation : '') ?? (all.get('claim') as z.ZodType);
      const judged = zodValidatorCompiler({ schema, httpPart: 'body' })(body);
      return 'error' in judged && judged.error ? err(judged.error.fault) : ok(judged);
    },
  };
}
