import type { StepName, StepState } from '#shared/contracts/link/messages.ts';
import type {
  AppBody,
  ConnectorBody,
  IngressBody,
  OpeningBody,
  ReleaseBody,
  SecretRef,
} from '#shared/domain/apps/index.ts';
import type { Fault, Result } from '#shared/kernel/index.ts';

/** A release that once was good on this node. */
export interface GoodRelease {
  readonly number: number;
  readonly header: string;
  readonly body: ReleaseBody;
  readonly digests: Readonly<Record<string, string>>;
}

/** One accepted release, with what is needed to make it so. */
export interface ApplyRequest {
  readonly appId: string;
  /** Hash of the signed header. */
  readonly header: string;
  readonly number: number;
  readonly body: ReleaseBody;
  /** Bytes of an object that the body names, by hash. */
  object(hash: string): Promise<Uint8Array | undefined>;
  /** Opens a sealed nodeCopy of this app. */
  openSecret(ref: SecretRef, appId: string): Promise<Result<Uint8Array>>;
  readonly previousGood: GoodRelease | null;
  /** Image digests of a known pair, when a release is applied again. */
  readonly digests?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export type AppRequest = ApplyRequest & { readonly body: AppBody };
export type IngressRequest = ApplyRequest & { readonly body: IngressBody };
export type OpeningRequest = ApplyRequest & { readonly body: OpeningBody };
export type ConnectorRequest = ApplyRequest & { readonly body: ConnectorBody };

/** Progress for people. `text` never holds a secret. */
export interface StepEvent {
  readonly step: StepName;
  readonly state: StepState;
  readonly text: string;
}

export type OnStep = (event: StepEvent) => void;

/** How a release ended. A fault beside `succeeded` names what still waits outside: a record, a route, a certificate. */
export interface ApplyOutcome {
  readonly outcome: 'succeeded' | 'failed' | 'rolled-back';
  /** Image digest per service; null digests of the release as this node resolved them. */
  readonly digests: Record<string, string>;
  /** How long the app did not serve because of this release; null when it did not serve before. */
  readonly awayMs: number | null;
  readonly fault: Fault | null;
}
