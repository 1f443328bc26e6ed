import { z } from 'zod';
import { changeSetVerbSchema } from '#shared/contracts/rest/index.ts';
import type { Intent } from '../ports/device-store.ts';

const intentSchema = z.object({
  name: z.string(),
  /** The plan as it was shown. */
  lines: z.array(z.string()),
  draft: z.object({
    verb: changeSetVerbSchema,
    appId: z.string(),
    node: z.string(),
    body: z.string(),
    base: z.object({ number: z.number(), header: z.string() }).nullable(),
    planHash: z.string(),
    objects: z.array(z.string()),
    proposal: z.string().optional(),
  }),
});

export type IntentContent = z.output<typeof intentSchema>;

/** Reads what the person confirmed. */
export function parseIntent(intent: Intent): IntentContent {
  return intentSchema.parse(JSON.parse(intent.content));
}
