import type { ObservedApp } from '#shared/contracts/link/observed.ts';
import type { ReleaseBody } from '#shared/domain/apps/index.ts';
import type { ApplyOutcome, ApplyRequest, StepEvent } from '../apply/request.ts';

export interface LogLine {
  readonly service: string;
  readonly stream: 'stdout' | 'stderr';
  readonly time: string;
  readonly bytes: Uint8Array;
}

export interface LogQuery {
  readonly appId: string;
  readonly service?: string;
  readonly tail: number;
  readonly follow: boolean;
  /** Seconds since the epoch. */
  readonly since?: number;
  readonly signal: AbortSignal;
}

/** What carries releases out on this machine: agent/node/apply over the engine. */
export interface Applier {
  apply(request: ApplyRequest, onStep: (event: StepEvent) => void): Promise<ApplyOutcome>;
  /** Puts back what broke; true when it changed something. */
  repair(request: ApplyRequest): Promise<boolean>;
  observe(appId: string, body: ReleaseBody | null): Promise<ObservedApp>;
  /** Writes the memory files of running releases, before or after the engine starts. */
  restoreSecrets(running: readonly ApplyRequest[]): Promise<void>;
  logs(query: LogQuery): AsyncIterable<LogLine>;
  volumes(appId: string): Promise<readonly { name: string; sizeBytes: number | null }[]>;
}
