import {
  editApp,
  type Fleet,
  findNode,
  findPresent,
  openSecretValues,
  type PlannedApp,
  planApp,
} from '#shared/device/index.ts';
import type { AppView } from '#shared/domain/apps/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import { createFolderCatalog } from '#shared/node/catalog.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { CliContext } from '../context.ts';
import { askLine } from '../device/ask.ts';
import { faultInFlags } from '../fault-in-flags.ts';
import type { VerbInput } from '../options.ts';
import { readAppWish } from './app-wish.ts';

/** Keeps the edit that the options of `apps plan` and `apps deploy` say, and plans the app. */
export async function planFromOptions(
  context: CliContext,
  fleet: Fleet,
  replica: Replica,
  input: VerbInput,
  online: boolean,
): Promise<Result<PlannedApp>> {
  const edited = await editFromOptions(context, fleet, replica, input);
  if (!edited.ok) return edited;
  const planned = await planApp(context, fleet, replica, edited.value, {
    online,
    chooseAddress: (about) => chooseAddress(context, about.hostname, about.detected),
  });
  if (!planned.ok) return planned;
  const { plan } = planned.value;
  return ok({ ...planned.value, plan: { ...plan, blocked: plan.blocked.map(faultInFlags) } });
}

async function editFromOptions(
  context: CliContext,
  fleet: Fleet,
  replica: Replica,
  input: VerbInput,
): Promise<Result<AppView>> {
  const app = input.arg(0);
  const present = findPresent(replica, app);
  if (!present.ok) return present;
  const node = findNode(fleet.trust(), input.text('node') ?? present.value?.node ?? undefined);
  if (!node.ok) return node;
  const secretValues = await openSecretValues(fleet, present.value);
  if (!secretValues.ok) return secretValues;
  const wish = await readAppWish(input, {
    catalog: createFolderCatalog(context.env.OVERSEER_CATALOG),
    random: context.random,
    present: present.value,
    secretValues: secretValues.value,
  });
  return wish.ok ? editApp(context, fleet, replica, { app, node: node.value.nodeId, wish: wish.value }) : wish;
}

/** The address that a name should point at, asked of the person where one sits there. */
export async function chooseAddress(
  context: CliContext,
  hostname: string,
  detected: string | undefined,
): Promise<string | undefined> {
  if (!context.canAsk) {
    if (detected !== undefined)
      context.out.note(`The node's own address ${detected} is used; --address gives another.`);
    return detected;
  }
  const hint = detected === undefined ? '' : ` [${detected}]`;
  const answer = await askLine(context.terminal, `Address that ${hostname} should point at${hint}: `);
  return answer?.trim() || detected;
}
