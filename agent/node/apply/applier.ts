import type { ObservedApp } from '#shared/contracts/link/observed.ts';
import type { ConnectorBody, ReleaseBody } from '#shared/domain/apps/index.ts';
import { type Fault, FaultError } from '#shared/kernel/index.ts';
import { engineFault } from '../engine/engine-fault.ts';
import { type LogLine, type LogRequest, readLogs } from '../engine/logs.ts';
import { applyRunning, applyStopped } from './apply-app.ts';
import { applyIngress } from './apply-ingress.ts';
import { applyOpening } from './apply-opening.ts';
import { type ApplierContext, type ApplierOptions, createContext } from './context.ts';
import { observeApp } from './observe.ts';
import { applyRemoved } from './remove.ts';
import { repairApp } from './repair.ts';
import type {
  ApplyOutcome,
  ApplyRequest,
  AppRequest,
  ConnectorRequest,
  IngressRequest,
  OnStep,
  OpeningRequest,
} from './request.ts';
import { createStepper, need, type Stepper } from './steps.ts';
import { listVolumes, type VolumeSize } from './volumes.ts';

/** Makes releases so on this node. One call per app at a time is the caller's promise; calls for several apps may overlap. */
export interface Applier {
  /**
   * Applies an accepted release from wherever a former try ended. Resolves with an outcome for every fault; rejects only
   * when `signal` is aborted, and then nothing is decided.
   */
  apply(request: ApplyRequest, onStep: OnStep): Promise<ApplyOutcome>;
  /** What the engine says of an app now. */
  observe(appId: string, body: ReleaseBody | null): Promise<ObservedApp>;
  /** Makes the running release so again. True when something had to be changed; rejects with a FaultError. */
  repair(request: ApplyRequest): Promise<boolean>;
  /** Puts the secrets of running apps back into memory, before or after a boot of the engine. */
  restoreSecrets(running: readonly Pick<ApplyRequest, 'appId' | 'body' | 'openSecret'>[]): Promise<void>;
  logs(request: LogRequest): AsyncIterable<LogLine>;
  volumes(appId: string): Promise<VolumeSize[]>;
  /** Null, or why secrets may reach a disk on this machine. */
  readonly secretsWarning: string | null;
}

/** What an applier needs beside the options of its context. */
export interface CreateApplierOptions extends ApplierOptions {
  /** Takes over (or, with state removed, drops) an outside system's settings and opened token. */
  onConnector(appId: string, body: ConnectorBody, token: Uint8Array | null): Promise<void>;
}

/** Makes the applier of this node. */
export function createApplier(options: CreateApplierOptions): Applier {
  const context = createContext(options);
  return {
    apply: async (request, onStep) => {
      const steps = createStepper(onStep, request.signal);
      try {
        return await applyBody(context, options, request, steps);
      } catch (cause) {
        request.signal.throwIfAborted();
        const fault = cause instanceof FaultError ? cause.fault : engineFault(cause, 'applying the release');
        return { outcome: 'failed', digests: {}, awayMs: null, fault };
      }
    },
    observe: (appId, body) => observeApp(context, appId, body),
    repair: async (request) => {
      try {
        return await repairApp(context, request);
      } catch (cause) {
        request.signal.throwIfAborted();
        throw cause instanceof FaultError ? cause : new FaultError(engineFault(cause, 'repairing the app'), { cause });
      }
    },
    restoreSecrets: async (running) => {
      const faults: Fault[] = [];
      for (const { appId, body, openSecret } of running) {
        if (body.kind !== 'app' || body.state !== 'running') continue;
        const restored = await context.secrets.restore(appId, body.secrets, openSecret);
        // One app that can not have its secrets keeps no other from having them.
        if (!restored.ok) faults.push(restored.error);
      }
      if (faults[0]) throw new FaultError(faults[0]);
    },
    logs: (request) => readLogs(context.engine, request),
    volumes: (appId) => listVolumes(context, appId),
    secretsWarning: context.secrets.folder.warning,
  };
}

function applyBody(
  context: ApplierContext,
  options: CreateApplierOptions,
  request: ApplyRequest,
  steps: Stepper,
): Promise<ApplyOutcome> {
  const { body } = request;
  if (body.kind === 'connector') return applyConnector(options, request as ConnectorRequest, steps);
  if (body.kind === 'opening') return applyOpening(context, request as OpeningRequest, steps);
  if (body.state === 'removed') return applyRemoved(context, request, steps);
  if (body.state === 'stopped') return applyStopped(context, request as AppRequest, steps);
  return body.kind === 'ingress'
    ? applyIngress(context, request as IngressRequest, steps)
    : applyRunning(context, request as AppRequest, steps);
}

async function applyConnector(
  options: CreateApplierOptions,
  request: ConnectorRequest,
  steps: Stepper,
): Promise<ApplyOutcome> {
  const { appId, body } = request;
  await steps.run('secrets', `opening the token for ${body.vendor}`, async () => {
    const [ref] = body.secrets;
    const token = ref && body.state === 'running' ? need(await request.openSecret(ref, appId)) : null;
    await options.onConnector(appId, body, token);
    return { value: undefined, text: token ? `${body.vendor} is set up` : `${body.vendor} is gone from this node` };
  });
  return { outcome: 'succeeded', digests: {}, awayMs: null, fault: null };
}
