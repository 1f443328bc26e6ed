import type { StepName, StepState } from '#shared/contracts/link/messages.ts';
import type { ObservedApp } from '#shared/contracts/link/observed.ts';
import type { ReleaseBody, SecretRef } from '#shared/domain/apps/index.ts';
import type { Fault, Result } from '#shared/kernel/index.ts';

/** A release that once succeeded, to go back to. */
export interface GoodRelease {
  readonly number: number;
  readonly header: string;
  readonly body: ReleaseBody;
  readonly digests: Readonly<Record<string, string>>;
}

export interface ApplyRequest {
  readonly appId: string;
  readonly header: string;
  readonly number: number;
  readonly body: ReleaseBody;
  object(hash: string): Promise<Uint8Array | undefined>;
  /** Opens the nodeCopy that the release names; the value stays in memory. */
  openSecret(ref: SecretRef, appId: string): Promise<Result<Uint8Array>>;
  readonly previousGood: GoodRelease | null;
  /** When a known pair is applied again: the digests it ran with. */
  readonly digests?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface StepEvent {
  readonly step: StepName;
  readonly state: StepState;
  readonly text: string;
}

export interface ApplyOutcome {
  readonly outcome: 'succeeded' | 'failed' | 'rolled-back';
  readonly digests: Readonly<Record<string, string>>;
  readonly awayMs: number | null;
  readonly fault: Fault | null;
}

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
