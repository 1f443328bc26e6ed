import type { RawData } from 'ws';
import type { z } from 'zod';
import { LINK_MAX_FRAME_BYTES } from '#shared/contracts/link/messages.ts';
import { parseStrictJson } from '#shared/trust/index.ts';

/**
 * Reads a frame of the link. A message type that we do not know comes from a newer minor version and is passed over
 * (P9); a broken one is not.
 */
export function readLinkMessage<In>(
  schema: z.ZodType<In>,
  data: RawData,
  isBinary: boolean,
): { value: In } | 'unknown-type' | 'malformed' {
  if (isBinary || !Buffer.isBuffer(data)) return 'malformed';
  const json = parseStrictJson(data, { maxBytes: LINK_MAX_FRAME_BYTES });
  if (!json.ok) return 'malformed';
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return { value: parsed.data };
  const unknownType = parsed.error.issues.some((issue) => issue.code === 'invalid_union' && issue.path[0] === 'type');
  return unknownType ? 'unknown-type' : 'malformed';
}
