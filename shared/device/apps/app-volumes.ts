import { volumesAnswerSchema } from '#shared/contracts/link/commands.ts';
import { parseComposeOutline } from '#shared/domain/apps/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { runCommand } from '../fleet/run-command.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { DeployedApp } from './deployed-app.ts';

/** The volumes of an app, by the names that its Compose file and its releases use. */
export interface AppVolumes {
  /** As the node sees them now. */
  readonly present: readonly { readonly name: string; readonly sizeBytes: number | null }[];
  /** With those that the Compose file names and that do not exist yet: what an order to delete the data names. */
  readonly all: readonly string[];
}

/** Asks the node for the volumes of an app. */
export async function listVolumes(
  context: DeviceContext,
  fleet: Fleet,
  { view, body }: DeployedApp,
): Promise<Result<AppVolumes>> {
  const order = { node: view.node ?? '', verb: 'volumes', args: { appId: view.appId } } as const;
  const answer = await runCommand(context, fleet, order);
  if (!answer.ok) return answer;
  const { volumes } = volumesAnswerSchema.parse(answer.value);
  // The release names volumes as the Compose file does; the engine's own names carry our prefix.
  const prefix = `ov_${view.appId}_`;
  const present = volumes.map(({ name, sizeBytes }) => ({
    name: name.startsWith(prefix) ? name.slice(prefix.length) : name,
    sizeBytes,
  }));
  const outline = parseComposeOutline(body.compose);
  const named = outline.ok ? outline.value.volumes : [];
  return ok({ present, all: [...new Set([...present.map(({ name }) => name), ...named])] });
}
