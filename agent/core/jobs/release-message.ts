import type { CoreToNode } from '#shared/contracts/link/messages.ts';
import { type ReleaseBody, releaseBodySchema } from '#shared/domain/apps/index.ts';
import { err, type Fault, fault, ok, type Result, toBase64 } from '#shared/kernel/index.ts';
import { MAX_BODY_BYTES, parseStrictJson } from '#shared/trust/index.ts';
import type { DurableReads } from '../store/port.ts';
import type { JobRecord, StoredHeader } from '../store/records.ts';

/** Room in one link frame for objects that go along, in bytes of base64; the node asks for the rest. */
const INLINE_OBJECTS_BASE64 = 1_500_000;

/** Reads a stored body. */
export function parseReleaseBody(bytes: Uint8Array): Result<ReleaseBody> {
  // As a node reads it: what one of them refuses, the other must not show as something else.
  const json = parseStrictJson(bytes, { maxBytes: MAX_BODY_BYTES });
  if (!json.ok) return err(badBody(json.error.message, ''));
  const parsed = releaseBodySchema.safeParse(json.value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return err(badBody(issue?.message ?? 'does not fit', issue?.path.join('.') ?? ''));
}

/** Hashes of the objects that a body names: files and the sealed copies of secrets. */
export function objectsOfBody(body: ReleaseBody): string[] {
  const files = body.kind === 'app' ? body.files.map((file) => file.sha256) : [];
  return [...new Set([...files, ...body.secrets.map((secret) => secret.sha256)])];
}

/**
 * Headers from just above `afterNumber` up to `header`, oldest first, found by walking back over `previous`.
 * A release at or below that number goes alone: the node knows it or says why not.
 */
export async function chainTo(read: DurableReads, header: StoredHeader, afterNumber: number): Promise<StoredHeader[]> {
  const chain = [header];
  for (let first = header; first.number > afterNumber + 1 && first.previous !== null; ) {
    const before = await read.getHeader(first.previous);
    if (before === undefined) break;
    chain.unshift(before);
    first = before;
  }
  return chain;
}

/** The message that carries one release to its node. */
export async function createReleaseMessage(
  read: DurableReads,
  job: JobRecord,
  afterNumber: number,
): Promise<Result<Extract<CoreToNode, { type: 'release' }>>> {
  const header = await read.getHeader(job.header);
  const bytes = header && (await read.getObject(header.body));
  if (header === undefined || bytes === undefined) return err(missing(job.header));
  const body = parseReleaseBody(bytes);
  if (!body.ok) return body;
  const objects: { hash: string; data: string }[] = [];
  let room = INLINE_OBJECTS_BASE64;
  for (const hash of objectsOfBody(body.value)) {
    const object = await read.getObject(hash);
    if (object === undefined) return err(missing(hash));
    const data = toBase64(object);
    if (data.length > room) continue;
    room -= data.length;
    objects.push({ hash, data });
  }
  const chain = (await chainTo(read, header, afterNumber)).map((item) => item.envelope);
  return ok({ type: 'release', job: job.id, appId: job.appId, chain, body: toBase64(bytes), objects } as never);
}

function missing(hash: string): Fault {
  return fault(
    'object.lost',
    'permanent',
    `The core does not hold object ${hash} any more.`,
    'Deploy anew from a device that holds it.',
    { detail: { hash } },
  );
}

function badBody(why: string, field: string): Fault {
  return fault(
    'release.bad-body',
    'permanent',
    `The release body is refused: ${field || 'body'} ${why}.`,
    'Update the device and deploy anew.',
    {
      field: field || 'body',
    },
  );
}
