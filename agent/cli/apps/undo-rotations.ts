import { type Fleet, type Level, undoRotation } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Takes new values back that no release has yet; what runs is what is wanted again. */
export async function undoRotations(
  context: CliContext,
  fleet: Fleet,
  { replica, offline }: Level,
  input: VerbInput,
): Promise<Result<Done>> {
  const [app = '', ...names] = input.args;
  const undone = await undoRotation(context, fleet, replica, { app, names });
  if (!undone.ok) return undone;
  const synced = offline ? undefined : await fleet.sync();
  if (synced && !synced.ok) return synced;
  return done({ undone: undone.value, offline: offline !== undefined }, (out) => {
    for (const one of undone.value) out.line(`${one.name} of ${one.app} is version ${one.version} again.`, 'good');
    if (offline) out.note('The core is away: the edit is kept here and goes out with the next command.', 'warn');
  });
}
