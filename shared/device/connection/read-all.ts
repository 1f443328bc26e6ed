/** Largest answer taken whole, in bytes. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Reads an answer whole; throws a RangeError at one that is larger than 64 MiB. */
export async function readAll(body: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) throw new RangeError(`the core's answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return joinBytes(parts);
}

/** One array of many. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
