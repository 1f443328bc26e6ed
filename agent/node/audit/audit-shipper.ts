import type { NodeToCore } from '#shared/contracts/link/messages.ts';
import type { AuditStore } from '../store/audit-store.ts';

/** Entries in one message; also bounded by the frame. */
const MAX_ENTRIES = 200;
const MAX_BYTES = 2 * 1024 * 1024;
const FIRST_RETRY_MS = 2_000;
const MAX_RETRY_MS = 300_000;

export interface AuditShipper {
  /** The core says what it holds: shipping begins after that. */
  begin(heldSeq: number): void;
  /** The core has stored everything up to `seq`. */
  acknowledged(seq: number): void;
  /** A new entry is on the disk. */
  appended(): void;
  disconnected(): void;
}

/** Sends the node's chain to the core, one batch at a time, each after the acknowledgement of the last. */
export function createAuditShipper(
  audit: Pick<AuditStore, 'after'>,
  send: (message: Extract<NodeToCore, { type: 'audit' }>) => boolean,
  later: (ms: number, work: () => void) => void = (ms, work) => void setTimeout(work, ms).unref(),
): AuditShipper {
  let held: number | null = null;
  let inFlight = false;
  let retryMs = FIRST_RETRY_MS;

  const ship = (): void => {
    if (held === null || inFlight) return;
    const entries = [];
    let bytes = 0;
    for (const { envelope } of audit.after(held, MAX_ENTRIES)) {
      bytes += envelope.payload.length + 512;
      if (bytes > MAX_BYTES && entries.length > 0) break;
      entries.push(envelope);
    }
    if (entries.length === 0) return;
    inFlight = send({ type: 'audit', entries });
  };
  return {
    begin(heldSeq) {
      held = heldSeq;
      inFlight = false;
      ship();
    },
    acknowledged(seq) {
      if (held === null) return;
      const isStored = seq > held;
      held = Math.max(held, seq);
      if (isStored) {
        retryMs = FIRST_RETRY_MS;
        inFlight = false;
        return ship();
      }
      // The core could not store the batch (a full disk): at once again would be a busy loop over both machines.
      const heldThen = held;
      later(retryMs, () => {
        if (held !== heldThen) return;
        inFlight = false;
        ship();
      });
      retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
    },
    appended: ship,
    disconnected() {
      held = null;
      inFlight = false;
    },
  };
}
