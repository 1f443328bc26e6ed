import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Policies } from '#shared/domain/apps/index.ts';
import { FaultError } from '#shared/kernel/index.ts';
import { modelToText } from '../compose/prepare-model.ts';
import type { PreparedModel, PreparedService } from '../compose/prepared.ts';
import { composeMessage, runCompose } from '../compose/run-compose.ts';
import type { ContainerState } from '../engine/engine.ts';
import { ownLabels, RELEASE_LABEL } from '../engine/naming.ts';
import { compareInspect } from '../gates/compare-inspect.ts';
import { checkRealPaths } from '../gates/real-path.ts';
import type { ApplierContext } from './context.ts';
import { notHealthyInTime } from './health.ts';
import { checkOwnership } from './ownership.ts';
import { startFault } from './start-fault.ts';
import { need, type Stepper } from './steps.ts';
import { waitHealthy } from './wait-healthy.ts';

/** A prepared model and the release it is for. */
export interface BringUp {
  readonly appId: string;
  readonly header: string;
  readonly model: PreparedModel;
  readonly policies: Policies;
  readonly signal: AbortSignal;
  /** Lets people in once all is good: network, record, route. With `old` still serving it comes after settling. */
  letIn(containers: readonly ContainerState[]): Promise<void>;
}

/**
 * Makes a prepared app run: volumes and networks of ours, exactly our bytes to Compose, health, inspect compared, and
 * nothing of an older definition left. May be repeated from any point. Throws a FaultError when the app can not run.
 */
export async function bringUp(context: ApplierContext, about: BringUp, steps: Stepper): Promise<void> {
  const { appId, model } = about;
  const startedMs = context.clock.nowMs();
  const isBeside = await steps.run('start', 'starting containers', async () => {
    await makeObjects(context, about);
    const beside = await startContainers(context, about, steps);
    return {
      value: beside,
      text: beside ? 'the new containers run beside the old ones' : 'the containers are started',
    };
  });
  await steps.run('health', 'waiting until it is healthy', async () => {
    const onFirstGood = async (containers: readonly ContainerState[]) => {
      need(compareInspect(model, containers));
      const { ownFolders, openings } = context;
      need(checkRealPaths(model.model, { openings: openings.list(), ownFolders }));
      if (!isBeside) await about.letIn(newest(model, containers));
    };
    const onProgress = (text: string) => steps.progress('health', text);
    need(await waitHealthy(context, { ...about, startedMs, onFirstGood, onProgress }));
    return { value: undefined, text: 'everything is healthy' };
  });
  if (isBeside) await about.letIn(newest(model, await context.engine.containersOf(appId)));
  await removeOld(context, about);
  if (isBeside) await upWith(context, about, []);
}

/** Containers of the present definitions only. */
export function newest(model: PreparedModel, containers: readonly ContainerState[]): ContainerState[] {
  return containers.filter((one) => one.definition === model.services.get(one.service)?.definition);
}

async function makeObjects(context: ApplierContext, about: BringUp): Promise<void> {
  const { engine, ownership, fleet } = context;
  const { appId, model } = about;
  const objects = { volumes: model.volumes, networks: model.networks.map((network) => network.name) };
  need(await checkOwnership(engine, ownership, { fleet, appId, objects }));
  const labels = ownLabels(fleet, appId);
  // Each name is in our record, durably, before the engine hears it: a crash leaves a note, never an orphan.
  await ownership.record('container-project', model.project, appId);
  for (const name of model.volumes) {
    await ownership.record('volume', name, appId);
    if (!(await engine.volume(name))) await engine.docker.createVolume({ Name: name, Labels: labels });
  }
  for (const { name, internal } of model.networks) {
    await ownership.record('network', name, appId);
    await context.networks.ensure({ name, prefix: 26, internal, labels });
  }
}

async function startContainers(context: ApplierContext, about: BringUp, steps: Stepper): Promise<boolean> {
  const containers = await context.engine.containersOf(about.appId);
  const twice = findStartFirst(about.model, containers);
  if (twice.length === 0) {
    await upWith(context, about, []);
    return false;
  }
  steps.progress('start', `${twice.map((one) => one.service.name).join(', ')}: new beside old, serving goes on`);
  const scales = twice.flatMap(({ service, total }) => ['--scale', `${service.name}=${total}`]);
  await upWith(context, about, ['--no-recreate', ...scales]);
  return true;
}

/** Services to start beside their old containers; none when anything that changes may not run twice. */
export function findStartFirst(
  model: PreparedModel,
  containers: readonly ContainerState[],
): { service: PreparedService; total: number }[] {
  const found: { service: PreparedService; total: number }[] = [];
  for (const service of model.services.values()) {
    const mine = containers.filter((one) => one.service === service.name);
    const old = mine.filter((one) => one.definition !== service.definition);
    if (old.length === 0) continue;
    if (!service.canRunTwice || !old.some((one) => one.status === 'running')) return [];
    found.push({ service, total: old.length + service.replicas });
  }
  return found;
}

async function upWith(context: ApplierContext, about: BringUp, extra: readonly string[]): Promise<void> {
  const { appId, header, model, policies, signal } = about;
  const containers = await context.engine.containersOf(appId);
  const present = (name: string) =>
    containers.find((one) => one.service === name && one.definition === model.services.get(name)?.definition);
  const input = modelToText(model, (name) => present(name)?.labels[RELEASE_LABEL] ?? header);
  const cwd = join(context.runDir, 'compose');
  mkdirSync(cwd, { recursive: true, mode: 0o700 });
  const run = await runCompose(context.composeBin, {
    args: [
      '--progress',
      'json',
      '-p',
      model.project,
      '--project-directory',
      cwd,
      '-f',
      '-',
      'up',
      '-d',
      '--no-build',
      ...extra,
    ],
    cwd,
    env: { HOME: cwd, DOCKER_HOST: `unix://${context.engine.socketPath}`, COMPOSE_MENU: '0' },
    input,
    wrapper: context.walls.leash,
    timeoutMs: policies.healthTimeoutMs,
    signal,
  });
  signal.throwIfAborted();
  if (run.isTimedOut)
    throw new FaultError(notHealthyInTime(policies.healthTimeoutMs, 'its containers did not all start'));
  if (run.code !== 0) throw new FaultError(startFault(composeMessage(run.stderr), model.project));
}

/** Takes away containers of older definitions and of services that the app no longer has. Only ours are listed. */
async function removeOld(context: ApplierContext, about: BringUp): Promise<void> {
  const containers = await context.engine.containersOf(about.appId);
  const kept = new Set(newest(about.model, containers).map((one) => one.id));
  const old = containers.filter((one) => !kept.has(one.id));
  await Promise.all(old.map((one) => removeContainer(context, one)));
}

/** Stops a container with its own grace and removes it; its volumes stay, also nameless ones. */
export async function removeContainer(context: ApplierContext, container: ContainerState): Promise<void> {
  const handle = context.engine.docker.getContainer(container.id);
  await handle.stop().catch(() => undefined);
  await handle.remove({ force: true, v: false }).catch((cause: { statusCode?: number }) => {
    if (cause.statusCode !== 404 && cause.statusCode !== 409) throw cause;
  });
}
