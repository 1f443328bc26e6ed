import { listIntents, parseIntent } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';

/** Lists confirmed changes that wait for the core, and those that clashed. Does not ask the core. */
export function run(context: CliContext): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const intents = (await listIntents(fleet)).map((intent) => {
      const { name, lines } = parseIntent(intent);
      return { id: intent.id, verb: intent.verb, app: name, state: intent.state, createdAt: intent.createdAt, lines };
    });
    return done(intents, (out) => {
      if (intents.length === 0) out.line('Nothing waits.');
      for (const intent of intents) {
        out.line(`${intent.id}  ${intent.state}  ${intent.verb} ${intent.app}  (${intent.createdAt})`, 'strong');
        for (const line of intent.lines) out.line(`  ${line}`);
      }
    });
  });
}
