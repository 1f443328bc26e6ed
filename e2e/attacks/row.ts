import type { EngineVersion } from '#world/world.ts';
import type { SwitchName } from './switches/switches.ts';

/** What was seen from outside after an attack or its honest twin. */
export interface Verdict {
  /** It had the effect that its author wanted. */
  readonly took: boolean;
  /** Why that is known: what the disk, the audit chain, the wire or the engine showed. */
  readonly saw: string;
  /** From the last byte of the attack to the refusal, once per try. */
  readonly refusalMs?: readonly number[];
}

/** One way to carry out the attack of a row. */
export interface Attack<Stage> {
  readonly name: string;
  /** Every check that stands in its way: with all of them off it must succeed, with any one of them on it must not. */
  readonly checks: readonly SwitchName[];
  run(stage: Stage): Promise<Verdict>;
}

/** Rows without a check in the code: the same probe must find what was planted. */
export interface Control<Stage> {
  readonly name: string;
  run(stage: Stage): Promise<Verdict>;
}

/** One attack of the list with its honest twin. A row has attacks with checks, or attacks with a control. */
export interface AttackRow<Stage> {
  readonly id: number;
  readonly attacks: readonly Attack<Stage>[];
  /** The same steps, rightly signed: each must succeed. */
  readonly honest: readonly { readonly name: string; run(stage: Stage): Promise<Verdict> }[];
  readonly controls?: readonly Control<Stage>[];
}

/** A world that rows share: it opens a stage per run, with the given build of the product. */
export interface AttackWorld<Stage> {
  readonly name: string;
  /** Of its node; absent where no engine is. */
  readonly engine?: EngineVersion;
  readonly rows: readonly AttackRow<Stage>[];
  /** Brings the world up; `stage` gives each run a place of its own and clears it away. */
  start(): Promise<{
    onStage<T>(product: string, run: (stage: Stage) => Promise<T>): Promise<T>;
    stop(): Promise<void>;
  }>;
}
