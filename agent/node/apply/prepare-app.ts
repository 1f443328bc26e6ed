import { existsSync } from 'node:fs';
import type { AppBody } from '#shared/domain/apps/index.ts';
import { decideOpened, judgeCompose, judgeModel, type ResolvedModel } from '#shared/domain/policies/index.ts';
import { FaultError, fault } from '#shared/kernel/index.ts';
import { prepareModel, secretMountsOf } from '../compose/prepare-model.ts';
import type { PreparedApp, PreparedImage } from '../compose/prepared.ts';
import { type Resolved, resolveCompose } from '../compose/resolve.ts';
import { projectName } from '../engine/naming.ts';
import { pullImage } from '../engine/pull.ts';
import type { StackFile } from '../files/stack-files.ts';
import { checkEngineKeys } from '../gates/engine-keys.ts';
import { checkRealPaths } from '../gates/real-path.ts';
import { judgeDns, judgeRoutes } from '../gates/route-gate.ts';
import { loadStackFiles } from '../gates/stack-objects.ts';
import { findIngress } from '../ingress/ingress.ts';
import type { ApplierContext } from './context.ts';
import { checkOwnership } from './ownership.ts';
import type { AppRequest } from './request.ts';
import { need, type Stepper } from './steps.ts';

/** Which gates a caller wants: a repair re-makes what was once good and asks nobody outside. */
export interface PrepareMode {
  readonly checksRoutes: boolean;
}

/** Gates, files, secrets, images: all that can be done and refused before a running app is touched. */
export async function prepareApp(
  context: ApplierContext,
  request: AppRequest,
  steps: Stepper,
  mode: PrepareMode,
): Promise<PreparedApp> {
  const { appId, body } = request;
  const { stack, resolved } = await steps.run('gates', 'judging the Compose file', async () => {
    const files = need(await loadStackFiles(body, request.object));
    const passed = await passGates(context, request, files);
    need(await checkEngineKeys(passed.model, async () => (await context.engine.version()).apiVersion));
    if (mode.checksRoutes) await passRouteGates(context, request, passed.model);
    const note = context.walls.hasNoNetwork ? '' : ' (this machine does not let us cut Compose off the network)';
    return { value: { stack: files, resolved: passed }, text: `the Compose file passes all three gates${note}` };
  });
  const stackFile = await steps.run('files', 'writing files', async () => {
    if (stack.length > 0) await context.ownership.record('file', `files/${appId}`, appId);
    const place = context.files.place(appId, stack);
    return { value: place, text: stack.length === 0 ? 'the stack has no files' : `${stack.length} files are in place` };
  });
  await steps.run('secrets', 'opening secrets', async () => {
    need(await context.secrets.restore(appId, body.secrets, request.openSecret));
    const warning = context.secrets.folder.warning;
    const text = body.secrets.length === 0 ? 'the app has no secrets' : `${body.secrets.length} secrets are in memory`;
    return { value: undefined, text: warning && body.secrets.length > 0 ? `${text}. ${warning}` : text };
  });
  const images = await steps.run('pull', 'getting images', async () => {
    const pulled = await pullAll(context, request, resolved.model, steps);
    return { value: pulled, text: [...pulled].map(([name, image]) => `${name}: ${image.digest}`).join(', ') };
  });
  const launcherFile = await placeLauncher(context, body, resolved.model);
  const model = prepareModel(resolved.model, {
    appId,
    fleet: context.fleet,
    body,
    stackRoot: resolved.stackRoot,
    images,
    stackFile,
    secretFile: (name) => context.secrets.pathOf(appId, secretNamed(body, name)),
    launcherFile,
  });
  const digests = Object.fromEntries([...images].map(([name, image]) => [name, image.digest]));
  const app = { model, body, digests };
  context.prepared.set(appId, { header: request.header, app });
  return app;
}

/**
 * The model of a release that was prepared since the agent's start, if its files still lie where containers look for
 * them. Undefined where it must be prepared anew.
 */
export function recallApp(context: ApplierContext, request: AppRequest): PreparedApp | undefined {
  const known = context.prepared.get(request.appId);
  if (known?.header !== request.header) return undefined;
  const { app } = known;
  const isSame = Object.entries(request.digests ?? {}).every(([service, digest]) => app.digests[service] === digest);
  const sources = Object.values(app.model.model.services).flatMap((service) => service.volumes);
  const isThere = sources.every((mount) => mount.type !== 'bind' || existsSync(String(mount.source)));
  return isSame && isThere ? app : undefined;
}

/** The three gates: what comes out is what the engine is told. Throws a FaultError where one refuses. */
export async function passGates(
  context: ApplierContext,
  request: AppRequest,
  files: readonly StackFile[],
): Promise<Resolved> {
  const { appId, body } = request;
  const openings = context.openings.list();
  need(decideOpened(body.exceptions, openings, 'this node'));
  need(
    judgeCompose(body.compose, {
      files: files.map((file) => file.path),
      secrets: body.secrets.map((secret) => secret.name),
      exceptions: body.exceptions,
      ownFolders: context.ownFolders,
    }),
  );
  const stack = { compose: body.compose, env: body.env, project: projectName(appId) };
  const bytes = new Map(files.map((file) => [file.path, file.bytes]));
  const resolved = need(await resolveCompose({ ...stack, files: bytes }, context));
  const { stackRoot } = resolved;
  const signed = { files: files.map((file) => file.path), exceptions: body.exceptions };
  const { ownFolders } = context;
  need(judgeModel(resolved.model, { ...signed, stackRoot, ownFolders, openings }));
  need(checkRealPaths(resolved.model, { openings, ownFolders }));
  return resolved;
}

async function passRouteGates(context: ApplierContext, request: AppRequest, model: ResolvedModel): Promise<void> {
  const { appId, body } = request;
  need(
    await checkOwnership(context.engine, context.ownership, {
      fleet: context.fleet,
      appId,
      objects: { volumes: [], networks: [] },
    }),
  );
  const ingress =
    body.routes.length === 0 ? undefined : await findIngress(context.engine, context.fleet, context.apiPassword);
  need(judgeRoutes(appId, body, model, { ingress, routes: context.routes }));
  need(await judgeDns(appId, body, context.dns));
}

async function pullAll(
  context: ApplierContext,
  request: AppRequest,
  model: ResolvedModel,
  steps: Stepper,
): Promise<Map<string, PreparedImage>> {
  const pulled = new Map<string, PreparedImage>();
  for (const [name, service] of Object.entries(model.services ?? {})) {
    const ref = String(service.image ?? '');
    const digest = request.digests?.[name] ?? request.body.images[name]?.digest ?? null;
    const told = (text: string) => steps.progress('pull', text);
    pulled.set(name, need(await pullImage(context.engine, { ref, digest }, told, request.signal)));
  }
  return pulled;
}

async function placeLauncher(context: ApplierContext, body: AppBody, model: ResolvedModel): Promise<string | null> {
  const isNeeded = Object.entries(model.services ?? {}).some(([name, service]) =>
    secretMountsOf(body, name, service).some((mount) => mount.env !== null),
  );
  if (!isNeeded) return null;
  const { arch } = await context.engine.version();
  const launcher = need(context.launcher(arch));
  return context.files.placeOne('launcher', { path: 'launch', bytes: launcher.bytes, mode: 0o555 });
}

function secretNamed(body: AppBody, name: string): AppBody['secrets'][number] {
  const found = body.secrets.find((secret) => secret.name === name);
  if (found) return found;
  throw new FaultError(
    fault('secret.unknown', 'permanent', `The release has no secret named ${name}.`, 'Set it and deploy again.', {
      field: `secrets.${name}`,
    }),
  );
}
