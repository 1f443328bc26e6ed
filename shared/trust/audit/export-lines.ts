import { z } from 'zod';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { type Envelope, envelopeSchema } from '../envelopes/envelope.ts';
import { hashSchema, idSchema } from '../formats.ts';
import { parseStrictJson } from '../strict-json.ts';
import type { AuditWitness } from './chain.ts';
import { parseCoreAuditEntry } from './core-entry.ts';
import type { CoreAuditEntry } from './entries.ts';

const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** AUD-2: the lines of an export. A kind of line that is not known is refused: it could be what matters. */
export const exportLineSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('trust'), envelope: envelopeSchema }),
  /** The exact text of a core entry, as one JSON string. */
  z.looseObject({ type: z.literal('core'), bytes: z.string() }),
  z.looseObject({ type: z.literal('node'), envelope: envelopeSchema }),
  z.looseObject({
    type: z.literal('witness'),
    by: z.string().max(128),
    chain: z.union([z.literal('core'), idSchema]),
    seq: z.number().int().min(1).optional(),
    head: hashSchema,
  }),
]);
export type ExportLine = z.output<typeof exportLineSchema>;

export interface CoreLine {
  readonly entry: CoreAuditEntry;
  readonly hash: string;
}

/** An export sorted by what its lines are. */
export interface AuditExport {
  readonly trust: readonly Envelope[];
  readonly core: readonly CoreLine[];
  readonly nodes: readonly Envelope[];
  readonly witnesses: readonly AuditWitness[];
  /** Numbers of core lines whose text is no entry any more. */
  readonly unreadable: readonly number[];
}

/** Reads JSON Lines; empty lines are skipped. */
export function parseAuditExport(lines: Iterable<string>): Result<AuditExport> {
  const trust: Envelope[] = [];
  const core: CoreLine[] = [];
  const nodes: Envelope[] = [];
  const witnesses: AuditWitness[] = [];
  const unreadable: number[] = [];
  let number = 0;
  for (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    const json = parseStrictJson(text, { maxBytes: MAX_LINE_BYTES });
    const read = exportLineSchema.safeParse(json.ok ? json.value : undefined);
    if (!read.success) return err(badLine(number, json.ok ? 'no kind of line that is known' : json.error.message));
    const line = read.data;
    if (line.type === 'trust') trust.push(line.envelope);
    else if (line.type === 'node') nodes.push(line.envelope);
    else if (line.type === 'witness')
      witnesses.push({ chain: line.chain, head: line.head, ...(line.seq === undefined ? {} : { seq: line.seq }) });
    else {
      const entry = parseCoreAuditEntry(line.bytes);
      if (entry.ok) core.push(entry.value);
      else unreadable.push(number);
    }
  }
  return ok({ trust, core, nodes, witnesses, unreadable });
}

function badLine(number: number, why: string) {
  return fault('audit.bad-line', 'permanent', `line ${number} of the export is refused: ${why}`, 'export it again', {
    field: `line ${number}`,
  });
}
