import { type Fleet, listVolumes } from '#shared/device/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { type OpenedApp, openDeployedApp, orderState } from '../apps/order-state.ts';
import { type CliContext, type Done, isByToken, withFleet } from '../context.ts';
import { askLine } from '../device/ask.ts';
import type { VerbInput } from '../options.ts';
import { formatBytes } from '../output/format.ts';
import { proposeByToken } from '../token/propose.ts';

/** Removes an app with its routes and records; its data only when asked for by name (P4). */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  if (isByToken(context)) return proposeByToken(context, input, 'remove');
  return withFleet(context, async (fleet) => {
    const app = await openDeployedApp(context, fleet, input.arg(0));
    if (!app.ok) return app;
    const { name } = app.value.view;
    const volumes = input.flag('deleteData') ? await chooseVolumes(context, fleet, app.value, input) : ok([]);
    if (!volumes.ok) return volumes;
    const success = `${name} is removed${volumes.value.length > 0 ? ' with its data' : '; its volumes stay'}`;
    const order = { verb: 'remove', deleteVolumes: volumes.value } as const;
    return orderState(context, fleet, input, app.value, { order, question: `Remove ${name}?`, success });
  });
}

/** Lists each volume with its size as the node sees it, and takes the app's name as the consent. */
async function chooseVolumes(
  context: CliContext,
  fleet: Fleet,
  app: OpenedApp,
  input: VerbInput,
): Promise<Result<readonly string[]>> {
  const volumes = await listVolumes(context, fleet, app);
  if (!volumes.ok) return volumes;
  context.out.line('These volumes will be deleted for ever:', 'bad');
  for (const { name, sizeBytes } of volumes.value.present) {
    context.out.line(`  ${name}  ${sizeBytes === null ? 'size unknown' : formatBytes(sizeBytes)}`);
  }
  const consent = await takeConsent(context, app.view.name, input);
  return consent.ok ? ok(volumes.value.all) : consent;
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
