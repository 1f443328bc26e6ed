import type { AppBody } from '#shared/domain/apps/index.ts';
import { routesToTraefikFile } from '#shared/domain/routes/index.ts';
import type { PreparedModel } from '../compose/prepared.ts';
import { ingressNetworkName } from '../engine/naming.ts';
import { findIngress, reattachAll } from '../ingress/ingress.ts';
import { prepareIngress, startIngress } from './apply-ingress.ts';
import { bringUp, newest } from './bring-up.ts';
import { retryCertificates } from './certificate-step.ts';
import type { ApplierContext } from './context.ts';
import { currentRoutes } from './current-routes.ts';
import { prepareApp, recallApp } from './prepare-app.ts';
import { publish } from './publish.ts';
import type { ApplyRequest, AppRequest, IngressRequest } from './request.ts';
import { createStepper, need, type Stepper } from './steps.ts';
import { stopContainers } from './stop.ts';

/**
 * Makes a release that is good so again: containers, networks, files, secrets, routes. Idempotent; it decides nothing
 * new and rolls nothing back. True when something had to be changed. Throws a FaultError when it can not.
 */
export async function repairApp(context: ApplierContext, request: ApplyRequest): Promise<boolean> {
  const steps = createStepper(() => undefined, request.signal);
  const { body } = request;
  if (body.kind === 'connector' || body.kind === 'opening') return false;
  if (body.state === 'removed') return false;
  if (body.state === 'stopped') return (await stopContainers(context, request.appId)) > 0;
  return body.kind === 'ingress'
    ? repairIngress(context, request as IngressRequest, steps)
    : repairRunning(context, request as AppRequest, steps);
}

async function repairIngress(context: ApplierContext, request: IngressRequest, steps: Stepper): Promise<boolean> {
  const { model } = await prepareIngress(context, request, steps);
  if (!(await isAsWanted(context, request.appId, model))) {
    await startIngress(context, request, model, steps);
    return true;
  }
  const ingress = await findIngress(context.engine, context.fleet, context.apiPassword);
  return ingress !== undefined && (await reattachAll(context.engine, context.fleet, ingress)) > 0;
}

async function repairRunning(context: ApplierContext, request: AppRequest, steps: Stepper): Promise<boolean> {
  const { appId, header, body, signal } = request;
  const secrets = need(await context.secrets.restore(appId, body.secrets, request.openSecret));
  const { model } = recallApp(context, request) ?? (await prepareApp(context, request, steps, { checksRoutes: false }));
  const letIn = async (containers: Parameters<typeof publish>[1]['containers']) =>
    void (await publish(context, { appId, body, containers, signal }, steps));
  if (!(await isAsWanted(context, appId, model))) {
    await bringUp(context, { appId, header, model, policies: body.policies, signal, letIn }, steps);
    return true;
  }
  if (await isReached(context, appId, body, model)) {
    await retryCertificates(context, body);
    return secrets;
  }
  await letIn(newest(model, await context.engine.containersOf(appId)));
  return true;
}

/** Whether every service has its containers, of the wanted definition and running, and every volume and network is there. */
async function isAsWanted(context: ApplierContext, appId: string, model: PreparedModel): Promise<boolean> {
  const containers = newest(model, await context.engine.containersOf(appId));
  for (const service of model.services.values()) {
    const mine = containers.filter((one) => one.service === service.name);
    const isUp = (status: string, exitCode: number) =>
      service.isOneShot ? status === 'exited' && exitCode === 0 : status === 'running' || status === 'restarting';
    if (mine.filter((one) => isUp(one.status, one.exitCode)).length < service.replicas) return false;
    const wanted = Object.keys((model.model.services[service.name]?.networks as object | undefined) ?? {});
    const names = wanted.map((key) => model.model.networks[key]?.name ?? '');
    if (!service.isOneShot && mine.some((one) => names.some((name) => !(name in one.networks)))) return false;
  }
  for (const name of model.volumes) if (!(await context.engine.volume(name))) return false;
  for (const { name } of model.networks) if (!(await context.engine.network(name))) return false;
  return true;
}

/** Whether the route file, the shared network and both ends on it are as they should be. */
async function isReached(
  context: ApplierContext,
  appId: string,
  body: AppBody,
  model: PreparedModel,
): Promise<boolean> {
  for (const { connector, ...record } of body.dns) {
    const port = connector === null ? undefined : context.dns.get(connector);
    const own = port ? await port.list(appId) : [];
    const isKept = own.some(
      (one) => one.routeId === record.routeId && one.type === record.type && one.recordId !== null,
    );
    if (port && !isKept) return false;
  }
  if (body.routes.length === 0) return context.routes.read(appId) === undefined;
  const containers = newest(model, await context.engine.containersOf(appId));
  const routes = currentRoutes(appId, body, containers);
  const text = routesToTraefikFile(routes);
  if (!text.ok || context.routes.read(appId) !== text.value) return false;
  const ingress = await findIngress(context.engine, context.fleet, context.apiPassword);
  const name = ingressNetworkName(appId);
  if (ingress && !(name in ingress.container.networks)) return false;
  const aliases = routes.flatMap((route) => route.servers.map((server) => server.host));
  const present = containers.flatMap((one) => one.networks[name] ?? []);
  return aliases.every((alias) => present.includes(alias));
}
