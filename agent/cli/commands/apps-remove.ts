import { volumesAnswerSchema } from '#shared/contracts/link/commands.ts';
import { type Fleet, runCommand } from '#shared/device/index.ts';
import { parseComposeOutline } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { changeState, type DeployedApp, openDeployedApp } from '../apps/change-state.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { askLine } from '../device/ask.ts';
import type { VerbInput } from '../options.ts';
import { formatBytes } from '../output/format.ts';

/** Removes an app with its routes and records; its data only when asked for by name (P4). */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const app = await openDeployedApp(context, fleet, input.arg(0));
    if (!app.ok) return app;
    const { name } = app.value.view;
    const volumes = input.flag('deleteData') ? await chooseVolumes(context, fleet, app.value, input) : ok([]);
    if (!volumes.ok) return volumes;
    if (app.value.body.state === 'removed' && volumes.value.length === 0) {
      return err(fault('app.removed', 'conflict', `${name} was removed already`, 'Its data goes with --delete-data.'));
    }
    const success = `${name} is removed${volumes.value.length > 0 ? ' with its data' : '; its volumes stay'}`;
    const change = { state: 'removed', deleteVolumes: volumes.value } as const;
    const question = `Remove ${name}?`;
    return changeState(context, fleet, input, app.value, { verb: 'remove', change, question, success });
  });
}

/** Lists each volume with its size as the node sees it, and takes the app's name as the consent. */
async function chooseVolumes(
  context: CliContext,
  fleet: Fleet,
  app: DeployedApp,
  input: VerbInput,
): Promise<Result<string[]>> {
  const { view, body } = app;
  const node = view.node ?? '';
  const answer = await runCommand(context, fleet, { node, verb: 'volumes', args: { appId: view.appId } });
  if (!answer.ok) return answer;
  const volumes = volumesAnswerSchema.parse(answer.value).volumes;
  const outline = parseComposeOutline(body.compose);
  // The release names volumes as the Compose file does; the engine's own names carry our prefix.
  const prefix = `ov_${view.appId}_`;
  const names = volumes.map(({ name }) => (name.startsWith(prefix) ? name.slice(prefix.length) : name));
  context.out.line('These volumes will be deleted for ever:', 'bad');
  for (const [index, volume] of volumes.entries()) {
    const size = volume.sizeBytes === null ? 'size unknown' : formatBytes(volume.sizeBytes);
    context.out.line(`  ${names[index]}  ${size}`);
  }
  const known = outline.ok ? outline.value.volumes : [];
  const wanted = [...new Set([...names, ...known])];
  const consent = await takeConsent(context, view.name, input);
  return consent.ok ? ok(wanted) : consent;
}

async function takeConsent(context: CliContext, name: string, input: VerbInput): Promise<Result<void>> {
  const given =
    input.text('confirm') ??
    (context.canAsk ? await askLine(context.terminal, `Type the app's name to delete its data: `) : undefined);
  if (given?.trim() === name) return ok();
  return err(
    fault(
      'cli.missing-confirmation',
      'permanent',
      given === undefined ? `deleting the data of ${name} needs its name` : `"${given}" is not "${name}"`,
      `Give --confirm ${name}; nothing was deleted.`,
      { field: '--confirm' },
    ),
  );
}
