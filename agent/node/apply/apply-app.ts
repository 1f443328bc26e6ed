import type { AppBody } from '#shared/domain/apps/index.ts';
import { type Fault, FaultError, fault } from '#shared/kernel/index.ts';
import type { PreparedApp } from '../compose/prepared.ts';
import { engineFault } from '../engine/engine-fault.ts';
import { projectName } from '../engine/naming.ts';
import { startAwayTime } from './away-time.ts';
import { bringUp } from './bring-up.ts';
import { waitForCertificates } from './certificate-step.ts';
import type { ApplierContext } from './context.ts';
import { checkOwnership } from './ownership.ts';
import { prepareApp } from './prepare-app.ts';
import { keepRecords, publish, unroute } from './publish.ts';
import type { ApplyOutcome, AppRequest } from './request.ts';
import { need, nestedStepper, type Stepper } from './steps.ts';
import { stopContainers } from './stop.ts';
import { tidy } from './tidy.ts';

/** Runs a release of an app: all that can be refused is refused before anything running is touched; what fails later gives way to the last good release. */
export async function applyRunning(
  context: ApplierContext,
  request: AppRequest,
  steps: Stepper,
): Promise<ApplyOutcome> {
  const { signal } = request;
  const prepared = await prepareApp(context, request, steps, { checksRoutes: true });
  const startedAt = Math.floor(context.clock.nowMs() / 1000);
  const away = await startAwayTime(
    context,
    servingRule(context, request.previousGood?.body ?? request.body, request, prepared),
  );
  try {
    const open = await start(context, request, prepared, steps);
    const awayMs = await away.stop();
    await tidy(context, request, prepared);
    const certificate = await waitForCertificates(context, { body: request.body, startedAt, signal }, steps);
    return { outcome: 'succeeded', digests: prepared.digests, awayMs, fault: open ?? certificate };
  } catch (cause) {
    if (!(cause instanceof FaultError)) throw cause;
    // Without an engine nothing can be judged or brought back: nothing is decided, the caller tries again.
    const lost = await engineLost(context, cause.fault);
    if (lost) return { outcome: 'failed', digests: {}, awayMs: await away.stop(), fault: lost };
    const back = await goBack(context, request, cause.fault, steps);
    return { ...back, digests: prepared.digests, awayMs: await away.stop() };
  } finally {
    await away.stop();
  }
}

/** The fault of an engine that went away while a release was applied; undefined where it answers. */
async function engineLost(context: ApplierContext, reason: Fault): Promise<Fault | undefined> {
  if (reason.code === 'engine.absent') return reason;
  try {
    await context.engine.version();
    return undefined;
  } catch (cause) {
    const fault = engineFault(cause, 'applying the release');
    return fault.code === 'engine.absent' ? fault : undefined;
  }
}

function servingRule(context: ApplierContext, body: unknown, request: AppRequest, prepared: PreparedApp) {
  const appBody = (body as AppBody).kind === 'app' ? (body as AppBody) : request.body;
  const routed = [...new Set(appBody.routes.map((route) => route.service))];
  const lasting = [...prepared.model.services.values()].filter((one) => !one.isOneShot).map((one) => one.name);
  return {
    appId: request.appId,
    services: routed.length > 0 ? routed : lasting,
    routed,
    routeFile: () => context.routes.read(request.appId),
  };
}

async function start(
  context: ApplierContext,
  request: AppRequest,
  prepared: PreparedApp,
  steps: Stepper,
): Promise<Fault | null> {
  const { appId, header, signal } = request;
  let open: Fault | null = null;
  const { model, body } = prepared;
  await bringUp(
    context,
    {
      appId,
      header,
      model,
      signal,
      policies: body.policies,
      letIn: async (containers) => {
        open = await publish(context, { appId, body, containers, signal }, steps);
      },
    },
    steps,
  );
  return open;
}

/** Back to the last good pair: same body, same digests, no new decision. Without one the app is stopped, its data kept. */
async function goBack(
  context: ApplierContext,
  request: AppRequest,
  reason: Fault,
  steps: Stepper,
): Promise<Pick<ApplyOutcome, 'outcome' | 'fault'>> {
  const { appId, previousGood: good, signal } = request;
  const { body } = good ?? {};
  if (!good || body?.kind !== 'app' || body.state !== 'running') {
    await steps.run('rollback', 'there is no release to go back to', async () => {
      await stopContainers(context, appId);
      await unroute(context, appId);
      await keepRecords(context, appId, body?.kind === 'app' ? body : null, nestedStepper(steps, 'rollback', signal));
      return { value: undefined, text: 'the app is stopped; its volumes and its log stay' };
    });
    return { outcome: 'failed', fault: reason };
  }
  try {
    await steps.run('rollback', `going back to release ${good.number}`, async () => {
      const nested = nestedStepper(steps, 'rollback', signal);
      const before: AppRequest = { ...request, header: good.header, number: good.number, body, digests: good.digests };
      const prepared = await prepareApp(context, before, nested, { checksRoutes: false });
      await start(context, before, prepared, nested);
      await tidy(context, before, prepared);
      return { value: undefined, text: `release ${good.number} runs again` };
    });
    return { outcome: 'rolled-back', fault: reason };
  } catch (cause) {
    if (!(cause instanceof FaultError)) throw cause;
    const both = fault(
      'app.rollback-failed',
      'permanent',
      `${reason.message} Release ${good.number} could not be brought back either: ${cause.fault.message}`,
      cause.fault.next,
      { detail: { reason: reason.code, rollback: cause.fault.code } },
    );
    return { outcome: 'failed', fault: both };
  }
}

/** Stops an app's containers; routes, records and data stay as they are. */
export async function applyStopped(
  context: ApplierContext,
  request: AppRequest,
  steps: Stepper,
): Promise<ApplyOutcome> {
  const { appId } = request;
  await steps.run('stop', 'stopping the app', async () => {
    const objects = { volumes: [], networks: [] };
    need(await checkOwnership(context.engine, context.ownership, { fleet: context.fleet, appId, objects }));
    const stopped = await stopContainers(context, appId);
    context.secrets.remove(appId);
    return {
      value: undefined,
      text: stopped === 0 ? `${projectName(appId)} did not run` : `${stopped} containers stopped`,
    };
  });
  return { outcome: 'succeeded', digests: { ...request.previousGood?.digests }, awayMs: null, fault: null };
}
