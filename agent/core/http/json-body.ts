import { err, type Fault, fault, type Result } from '#shared/kernel/index.ts';
import { parseStrictJson } from '#shared/trust/index.ts';

const MAX_JSON_DEPTH = 24;

/** The value of a body. How large it may be was asked before, by the server, for each operation. */
export function readJsonBody(text: string): Result<unknown> {
  const parsed = parseStrictJson(text, { maxBytes: Number.MAX_SAFE_INTEGER, maxDepth: MAX_JSON_DEPTH });
  return parsed.ok ? parsed : err(malformedJson(parsed.error));
}

function malformedJson(why: Fault): Fault {
  return fault(
    'request.malformed-json',
    'permanent',
    `body: ${why.message}.`,
    'Send one JSON value without repeated or reserved keys.',
    { field: 'body' },
  );
}
