import type { IngressBody } from '#shared/domain/apps/index.ts';
import { FaultError, fault } from '#shared/kernel/index.ts';
import type { PreparedModel } from '../compose/prepared.ts';
import { pullImage } from '../engine/pull.ts';
import { findIngress, reattachAll } from '../ingress/ingress.ts';
import { healthPace, INGRESS_SERVICE, ingressModel } from '../ingress/ingress-model.ts';
import { checkPorts } from '../ingress/ports.ts';
import { ingressStaticConfig } from '../ingress/static-config.ts';
import { startAwayTime } from './away-time.ts';
import { bringUp } from './bring-up.ts';
import type { ApplierContext } from './context.ts';
import { checkOwnership } from './ownership.ts';
import type { ApplyOutcome, IngressRequest } from './request.ts';
import { need, nestedStepper, type Stepper } from './steps.ts';
import { stopContainers } from './stop.ts';

/** Runs the ingress of this node; a broken one gives way to the last good one, as with any app. */
export async function applyIngress(
  context: ApplierContext,
  request: IngressRequest,
  steps: Stepper,
): Promise<ApplyOutcome> {
  const { appId, body } = request;
  await steps.run('gates', 'checking ports', async () => {
    need(
      await checkOwnership(context.engine, context.ownership, {
        fleet: context.fleet,
        appId,
        objects: { volumes: [], networks: [] },
      }),
    );
    const other = await findIngress(context.engine, context.fleet, context.apiPassword);
    if (other && other.appId !== appId) throw new FaultError(secondIngress(other.appId));
    const ours = new Set((await context.engine.containersOf(appId)).map((one) => one.id));
    need(await checkPorts(context.engine, [body.httpPort, body.httpsPort], ours));
    return { value: undefined, text: `ports ${body.httpPort} and ${body.httpsPort} are free or ours` };
  });
  const { model, digests } = await prepareIngress(context, request, steps);
  const away = await startAwayTime(context, {
    appId,
    services: [INGRESS_SERVICE],
    routed: [],
    routeFile: () => undefined,
  });
  try {
    await startIngress(context, request, model, steps);
    return { outcome: 'succeeded', digests, awayMs: await away.stop(), fault: null };
  } catch (cause) {
    if (!(cause instanceof FaultError)) throw cause;
    const { previousGood: good, signal } = request;
    const { body: before } = good ?? {};
    if (!good || before?.kind !== 'ingress' || before.state !== 'running') {
      await stopContainers(context, appId);
      return { outcome: 'failed', digests, awayMs: await away.stop(), fault: cause.fault };
    }
    await steps.run('rollback', `going back to release ${good.number}`, async () => {
      const nested = nestedStepper(steps, 'rollback', signal);
      const again: IngressRequest = { ...request, body: before, header: good.header, digests: good.digests };
      const old = await prepareIngress(context, again, nested);
      await startIngress(context, again, old.model, nested);
      return { value: undefined, text: `release ${good.number} runs again` };
    });
    return { outcome: 'rolled-back', digests, awayMs: await away.stop(), fault: cause.fault };
  } finally {
    await away.stop();
  }
}

/** Files and image of the ingress; nothing of it runs yet. */
export async function prepareIngress(
  context: ApplierContext,
  request: IngressRequest,
  steps: Stepper,
): Promise<{ model: PreparedModel; digests: Record<string, string> }> {
  const { appId, body } = request;
  const files = await steps.run('files', 'writing the configuration', async () => {
    await context.ownership.record('file', `files/${appId}`, appId);
    return { value: placeFiles(context, appId, body), text: 'Traefik’s configuration is in place' };
  });
  const image = await steps.run('pull', 'getting the image', async () => {
    const digest = request.digests?.[INGRESS_SERVICE] ?? body.image.digest;
    const told = (text: string) => steps.progress('pull', text);
    const pulled = need(await pullImage(context.engine, { ref: body.image.ref, digest }, told, request.signal));
    return { value: pulled, text: `${INGRESS_SERVICE}: ${pulled.digest}` };
  });
  const pace = healthPace((await context.engine.version()).apiVersion);
  const model = ingressModel(body, { fleet: context.fleet, appId, image, files, pace });
  return { model, digests: { [INGRESS_SERVICE]: image.digest } };
}

function placeFiles(context: ApplierContext, appId: string, body: IngressBody) {
  const place = (path: string, text: string) =>
    context.files.placeOne(appId, { path, bytes: Buffer.from(text, 'utf8'), mode: 0o444 });
  const ca = body.acme?.caCertificates ?? null;
  return {
    staticFile: place('traefik.yml', ingressStaticConfig(body)),
    acmeCaFile: ca === null ? null : place('acme-ca.pem', ca),
    routesFolder: context.routes.folder,
  };
}

/** Starts the ingress and puts it back on the network of every routed app. */
export async function startIngress(
  context: ApplierContext,
  request: IngressRequest,
  model: PreparedModel,
  steps: Stepper,
): Promise<void> {
  const { appId, header, body, signal } = request;
  const letIn = async () => {
    await steps.run('network', 'joining the networks of routed apps', async () => {
      const ingress = await findIngress(context.engine, context.fleet, context.apiPassword);
      const count = ingress ? await reattachAll(context.engine, context.fleet, ingress) : 0;
      return { value: undefined, text: count === 0 ? 'no app waits' : `${count} apps joined` };
    });
  };
  await bringUp(context, { appId, header, model, policies: body.policies, signal, letIn }, steps);
}

function secondIngress(appId: string) {
  return fault(
    'ingress.exists',
    'conflict',
    `This node already has an ingress, app ${appId}.`,
    'Change that one, or remove it first.',
  );
}
