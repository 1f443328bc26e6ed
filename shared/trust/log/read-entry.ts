import { err, fault, ok, type Result, sha256Hex } from '#shared/kernel/index.ts';
import type { Envelope } from '../envelopes/envelope.ts';
import { envelopeKinds, payloadTypeOf } from '../envelopes/kinds.ts';
import { readPayload, unknownFeature } from '../envelopes/open-envelope.ts';
import { parseEnvelope, payloadBytesOf } from '../envelopes/parse-envelope.ts';
import { badPayload, describeIssue } from '../payload-fault.ts';
import { type EntryKind, entrySchemas, type TrustEntry } from './entries.ts';
import type { LogEntry } from './graph.ts';

/**
 * Reads an entry before its signature can be checked: an entry must say which parents it builds on before it is known
 * who could have signed it. Nothing here is believed until applyTrustEntries has verified it.
 */
export function readUnverifiedEntry(envelope: Envelope): Result<LogEntry> {
  const parsed = parseEnvelope(envelope);
  if (!parsed.ok) return parsed;
  const { payloadType } = parsed.value;
  if (payloadType !== payloadTypeOf('trust'))
    return err(
      fault(
        'trust.wrong-kind',
        'denied',
        `payloadType is ${JSON.stringify(payloadType)}, wanted ${JSON.stringify(payloadTypeOf('trust'))}`,
        'send trust log entries only, or update Overseer',
        { field: 'payloadType' },
      ),
    );
  const bytes = payloadBytesOf(parsed.value);
  if (bytes.length > envelopeKinds.trust.maxBytes)
    return err(fault('trust.too-large', 'denied', `the trust payload has ${bytes.length} bytes`, 'make it smaller'));
  const payload = readPayload('trust', bytes, []);
  if (!payload.ok) return payload;
  const entry = readEntry(payload.value.entry);
  if (!entry.ok) return entry;
  const { parents } = payload.value;
  const parentsFit = (parents.length === 0) === (entry.value.kind === 'genesis');
  if (!parentsFit || new Set(parents).size !== parents.length)
    return err(badPayload('trust', 'parents', 'genesis has none, every other entry at least one, each once'));
  return ok({
    hash: sha256Hex(bytes),
    parents,
    signer: payload.value.signer,
    payload: payload.value,
    entry: entry.value,
    envelope: parsed.value,
  });
}

/** LOG-9: a kind that this version does not know is refused by its name: skipping it could skip a revocation. */
function readEntry(entry: { kind: string }): Result<TrustEntry> {
  if (!Object.hasOwn(entrySchemas, entry.kind)) return err(unknownFeature(`trust/${entry.kind}`));
  const read = entrySchemas[entry.kind as EntryKind].safeParse(entry);
  if (read.success) return ok(read.data);
  const { field, message } = describeIssue(read.error);
  return err(badPayload('trust', `entry.${field}`, message));
}
