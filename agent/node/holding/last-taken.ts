import { fromBase64, utf8ToText } from '#shared/kernel/index.ts';
import { commandVerbSchema, type Envelope, isReadingVerb } from '#shared/trust/index.ts';
import type { AuditStore } from '../store/audit-store.ts';

const PAGE = 200;

/** HOLD-7: number of the newest own entry above `seq` by which this node took a release or a changing command; 0: none. */
export function lastTakenSeq(audit: Pick<AuditStore, 'after'>, seq: number): number {
  let newest = 0;
  for (let from = seq; ; ) {
    const page = audit.after(from, PAGE);
    for (const entry of page) if (isTaken(entry.envelope)) newest = entry.seq;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return newest;
    from = last.seq;
  }
}

/** The entries are this node's own: it wrote them, and reads what they say. */
function isTaken(envelope: Envelope): boolean {
  const { action, subject } = JSON.parse(utf8ToText(fromBase64(envelope.payload) ?? new Uint8Array())) as {
    action: string;
    subject: { verb?: string };
  };
  if (action !== 'command') return action === 'accepted';
  const verb = commandVerbSchema.safeParse(subject.verb);
  return !verb.success || !isReadingVerb(verb.data);
}
