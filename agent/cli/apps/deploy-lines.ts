import {
  draftApp,
  type Fleet,
  findApp,
  isSameBody,
  type Level,
  type PlannedApp,
  planLines,
  planProblem,
  submitChange,
  urlsOf,
  writeLines,
} from '#shared/device/index.ts';
import type { ChangedLines } from '#shared/domain/apps/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { decideDeviceMay } from '#shared/trust/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { badOption, pairsOption, type VerbInput } from '../options.ts';
import { finishChange } from '../releases/finish-change.ts';
import { confirmPlan, printPlan } from '../releases/show-plan.ts';

/** Options of a deploy that go with lines. */
const BESIDE_LINES: readonly string[] = ['image', 'env', 'yes', 'wait', 'json'];

/** Whether a deploy signs lines alone: where an image is named, and always for automation, which edits nothing. */
export function signsLines(fleet: Fleet, input: VerbInput): boolean {
  return input.list('image').length > 0 || isAutomation(fleet);
}

/**
 * Signs the last signed release with the images and variables that were named. What else waits in desired state stays
 * out of it. Signed only while connected: a build that can not reach the core has failed, and is run again.
 */
export async function deployLines(
  context: CliContext,
  fleet: Fleet,
  input: VerbInput,
  { replica, offline }: Level,
): Promise<Result<Done>> {
  if (offline) return err(offline);
  const lines = readLines(input);
  if (!lines.ok) return lines;
  const view = findApp(replica, input.arg(0));
  if (!view.ok) return view;
  const planned = await planLines(context, fleet, view.value, lines.value);
  if (!planned.ok) return planned;
  const { node, body, base, plan } = planned.value;
  const { name } = view.value;
  const urls = urlsOf(replica, node, body);
  if (isSameBody(base, body) && (await runs(fleet, planned.value))) {
    const json = { appId: view.value.appId, name, number: base?.number, outcome: 'succeeded', changed: false, urls };
    return done(json, (out) => out.line(`${name} runs so already (release ${base?.number}).`, 'good'));
  }
  printPlan(context.out, `Plan for ${name} on ${node.name}, on top of release ${base?.number}`, plan);
  const fine = planProblem(plan);
  if (!fine.ok) return fine;
  const confirmed = await confirmPlan(context, input, `Deploy ${name}?`);
  if (!confirmed.ok) return confirmed;
  const followed = await follow(fleet, replica, planned.value, lines.value);
  if (!followed.ok) return followed;
  const sent = await submitChange(fleet, context, draftApp(planned.value, 'deploy'));
  if (!sent.ok) return sent;
  const finish = { name, urls, success: `${name} runs on ${node.name}` };
  return finishChange(context, fleet, input, { ...finish, jobs: sent.value.jobs });
}

function readLines(input: VerbInput): Result<ChangedLines> {
  const images = pairsOption(input, 'image', '--image');
  if (!images.ok) return images;
  const env = pairsOption(input, 'env', '--env');
  if (!env.ok) return env;
  const other = input.given().find((name) => !BESIDE_LINES.includes(name));
  const flag = `--${other?.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (other !== undefined) return err(badOption('cli.bad-option', flag, 'it does not go with --image', ONLY_LINES));
  if (images.value.size + env.value.size === 0)
    return err(badOption('cli.missing-option', '--image', 'automation deploys named lines only', ONLY_LINES));
  return ok({ images: images.value, env: env.value });
}

const ONLY_LINES = 'Give --image SERVICE=REFERENCE and --env NAME=VALUE, and nothing else that changes the app.';

/** Lets desired state follow, where this device may write it; else the plan of the next person does. */
async function follow(
  fleet: Fleet,
  replica: Replica,
  { view }: PlannedApp,
  lines: ChangedLines,
): Promise<Result<void>> {
  const { appId } = view;
  const may = decideDeviceMay(fleet.trust(), fleet.device.deviceId, 'edit', { appId, node: null });
  if (!may.ok) return ok();
  const written = await writeLines(replica, view, lines);
  return written.ok ? fleet.sync() : written;
}

async function runs(fleet: Fleet, { view, base }: PlannedApp): Promise<boolean> {
  const shown = await fleet.client.call('showApp', { params: { id: view.appId } });
  return shown.ok && shown.value.observed?.running?.header === base?.header;
}

function isAutomation(fleet: Fleet): boolean {
  return fleet.trust().devices.get(fleet.device.deviceId)?.kind === 'automation';
}
