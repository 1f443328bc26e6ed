import {
  type ExposedSecret,
  exposedSecrets,
  type Fleet,
  type Level,
  listAppViews,
  type Reader,
  readDueSecrets,
} from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import type { CliContext } from '../context.ts';

/**
 * The same before a revocation, which no answer of a core may hold up: where it will not tell what runs, what this device
 * knows by itself.
 */
export async function readExposedAnyhow(...about: Parameters<typeof readExposed>): ReturnType<typeof readExposed> {
  const exposed = await readExposed(...about);
  if (exposed.ok) return exposed;
  const [context, fleet, { replica }, readers] = about;
  return exposedSecrets(fleet.trust(), replica, { readers, nowMs: context.clock.nowMs() });
}

/** What these could read of values that count: the present ones, and older ones that run still. */
export async function readExposed(
  context: CliContext,
  fleet: Fleet,
  { replica, offline }: Level,
  readers: readonly Reader[],
): Promise<Result<readonly ExposedSecret[]>> {
  const views = listAppViews(replica);
  if (!views.ok) return views;
  const listed = offline ? undefined : await fleet.client.call('listApps');
  if (listed && !listed.ok) return listed;
  const seen = new Map((listed?.value.apps ?? []).map((one) => [one.appId, one]));
  const due = await readDueSecrets(context, fleet, views.value, seen);
  if (!due.ok) return due;
  return exposedSecrets(fleet.trust(), replica, { readers, nowMs: context.clock.nowMs(), due: due.value });
}
