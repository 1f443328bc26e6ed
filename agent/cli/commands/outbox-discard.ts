import { err, fault, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Gives up a waiting change; the edit itself stays. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async ({ store }) => {
    const id = input.arg(0);
    const found = [...(await store.intents('waiting')), ...(await store.intents('clash'))].find(
      (intent) => intent.id === id,
    );
    if (!found) {
      return err(fault('outbox.unknown', 'permanent', `no change "${id}" waits`, 'See `overseer outbox list`.'));
    }
    await store.setIntentState(id, 'discarded', null);
    return done({ id, state: 'discarded' }, (out) =>
      out.line('Given up. The edit is kept; a new deploy plans it again.'),
    );
  });
}
