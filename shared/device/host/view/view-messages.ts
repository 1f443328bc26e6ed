import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** Messages of y-websocket (facts: sync 0, awareness 1, auth 2, query awareness 3) as this end reads them. */
export type ViewMessage =
  | { readonly type: 'step1'; readonly stateVector: Uint8Array }
  | { readonly type: 'update'; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  | { readonly type: 'query-awareness' };

const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

/** Reads one frame of a screen; undefined when it is none. */
export function readViewMessage(bytes: Uint8Array): ViewMessage | undefined {
  try {
    const decoder = decoding.createDecoder(bytes);
    const kind = decoding.readVarUint(decoder);
    if (kind === QUERY_AWARENESS) return { type: 'query-awareness' };
    if (kind === AWARENESS) return { type: 'awareness', update: decoding.readVarUint8Array(decoder) };
    if (kind !== SYNC) return undefined;
    const step = decoding.readVarUint(decoder);
    const content = decoding.readVarUint8Array(decoder);
    if (step === STEP_1) return { type: 'step1', stateVector: content };
    return step === STEP_2 || step === UPDATE ? { type: 'update', update: content } : undefined;
  } catch {
    return undefined;
  }
}

/** Asks a screen for what the host lacks. */
export function writeStep1(stateVector: Uint8Array): Uint8Array {
  return frame([SYNC, STEP_1], stateVector);
}

/** Answers a screen's step 1; the screen counts as synced. */
export function writeStep2(update: Uint8Array): Uint8Array {
  return frame([SYNC, STEP_2], update);
}

/** Passes a change on. */
export function writeUpdate(update: Uint8Array): Uint8Array {
  return frame([SYNC, UPDATE], update);
}

/** Passes an awareness update on. */
export function writeAwarenessFrame(update: Uint8Array): Uint8Array {
  return frame([AWARENESS], update);
}

function frame(kinds: readonly number[], content: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const kind of kinds) encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, content);
  return encoding.toUint8Array(encoder);
}
