import { utf8ToText } from '#shared/kernel/index.ts';
import { commonPayloadSchema, type Envelope, payloadBytesOf } from '#shared/trust/index.ts';
import type { ForeignHead } from './compare-heads.ts';

/** Heads of the core's record that others have signed and that were not compared yet. */
export interface ForeignHeads {
  /** What somebody else has signed and that was verified. Own envelopes are left out. */
  note(signed: { readonly signer: string; readonly auditHead?: string | null }): void;
  /** The same of an envelope that was verified. */
  noteEnvelope(envelope: Envelope): void;
  /** Takes what waits, the newest of each. */
  take(): ForeignHead[];
  /** Puts back what could not be compared. */
  putBack(heads: readonly ForeignHead[]): void;
}

/** Of each signer so many different heads are kept: the newest lead to the older ones. */
const KEPT_OF_EACH = 4;

/** Makes an empty list for a device. */
export function createForeignHeads(self: string): ForeignHeads {
  const waiting = new Map<string, string[]>();
  const compared = new Set<string>();
  const note: ForeignHeads['note'] = ({ signer, auditHead }) => {
    if (!auditHead || signer === self || compared.has(auditHead)) return;
    const heads = (waiting.get(signer) ?? []).filter((head) => head !== auditHead);
    waiting.set(signer, [...heads, auditHead].slice(-KEPT_OF_EACH));
  };
  return {
    note,
    noteEnvelope(envelope) {
      const read = commonPayloadSchema.safeParse(JSON.parse(utf8ToText(payloadBytesOf(envelope))));
      if (read.success) note(read.data);
    },
    take() {
      const heads = [...waiting].flatMap(([by, hashes]) => hashes.map((hash) => ({ by, hash })));
      waiting.clear();
      for (const { hash } of heads) compared.add(hash);
      return heads;
    },
    putBack(heads) {
      for (const { by, hash } of heads) {
        compared.delete(hash);
        note({ signer: by, auditHead: hash });
      }
    },
  };
}
