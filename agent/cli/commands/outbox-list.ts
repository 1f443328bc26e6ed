import { changesToLines, listIntents, parseIntent } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';

/** Lists confirmed changes that wait or clashed, and edits that the core did not take. Does not ask the core. */
export function run(context: CliContext): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const intents = (await listIntents(fleet)).map((intent) => {
      const { name, lines } = parseIntent(intent);
      return { id: intent.id, verb: intent.verb, app: name, state: intent.state, createdAt: intent.createdAt, lines };
    });
    const replica = await fleet.glance();
    if (!replica.ok) return replica;
    const refused = (await replica.value.refusedEdits()).map(({ id, doc, changes, fault }) => ({
      id,
      state: 'refused' as const,
      document: doc,
      lines: changesToLines(changes, replica.value.fields(doc) ?? new Map()),
      fault,
    }));
    return done([...intents, ...refused], (out) => {
      if (intents.length + refused.length === 0) out.line('Nothing waits.');
      for (const intent of intents) {
        out.line(`${intent.id}  ${intent.state}  ${intent.verb} ${intent.app}  (${intent.createdAt})`, 'strong');
        for (const line of intent.lines) out.line(`  ${line}`);
      }
      for (const { id, document, lines, fault } of refused) {
        out.line(`${id}  refused  edit of ${document}: ${fault.message}`, 'strong');
        for (const line of lines) out.line(`  ${line}`);
      }
    });
  });
}
