import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** Largest state of one screen, in characters of JSON. */
const MAX_STATE = 4_096;

/** Who is there, as y-protocols' awareness says it. The host shows nobody itself: it passes on and remembers. */
export interface AwarenessState {
  readonly clientId: number;
  readonly clock: number;
  /** JSON text; `null` when that screen has gone. */
  readonly json: string;
}

/** Reads an awareness update of one screen; undefined when it does not fit or speaks for more than one. */
export function readAwareness(update: Uint8Array): AwarenessState | undefined {
  try {
    const decoder = decoding.createDecoder(update);
    if (decoding.readVarUint(decoder) !== 1) return undefined;
    const state = {
      clientId: decoding.readVarUint(decoder),
      clock: decoding.readVarUint(decoder),
      json: decoding.readVarString(decoder),
    };
    if (state.json.length > MAX_STATE || decoding.hasContent(decoder)) return undefined;
    const value: unknown = JSON.parse(state.json);
    return typeof value === 'object' && !Array.isArray(value) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Writes an awareness update. */
export function writeAwareness(states: readonly AwarenessState[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, states.length);
  for (const { clientId, clock, json } of states) {
    encoding.writeVarUint(encoder, clientId);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, json);
  }
  return encoding.toUint8Array(encoder);
}
