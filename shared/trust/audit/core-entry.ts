import { err, FaultError, fault, ok, type Result, sha256Hex, utf8 } from '#shared/kernel/index.ts';
import { describeIssue } from '../payload-fault.ts';
import { parseStrictJson } from '../strict-json.ts';
import { type CoreAuditEntry, coreAuditEntrySchema } from './entries.ts';

/** An embedded row of 1 MiB in base64 and the frame around it. */
const MAX_ENTRY_BYTES = 2 * 1024 * 1024;

/** AUD-1: the exact text to keep, and its hash, which the next entry names as `prev`. Throws FaultError on a bad entry. */
export function createCoreAuditEntry(entry: CoreAuditEntry): { bytes: string; hash: string } {
  const bytes = JSON.stringify(entry);
  const read = parseCoreAuditEntry(bytes);
  if (!read.ok) throw new FaultError(read.error);
  return { bytes, hash: read.value.hash };
}

/** AUD-1: reads the exact text of an entry. */
export function parseCoreAuditEntry(bytes: string): Result<{ entry: CoreAuditEntry; hash: string }> {
  const json = parseStrictJson(bytes, { maxBytes: MAX_ENTRY_BYTES });
  if (!json.ok) return err(badEntry(json.error.message));
  const read = coreAuditEntrySchema.safeParse(json.value);
  if (!read.success) {
    const { field, message } = describeIssue(read.error);
    return err(badEntry(`${field}: ${message}`));
  }
  if ((read.data.prev === null) !== (read.data.seq === 1)) return err(badEntry('prev: null belongs to seq 1 only'));
  return ok({ entry: read.data, hash: sha256Hex(utf8(bytes)) });
}

function badEntry(why: string) {
  return fault('audit.bad-entry', 'permanent', `this is no audit entry: ${why}`, 'export the audit again');
}
