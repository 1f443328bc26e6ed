import type { EngineVersion } from '#world/world.ts';
import type { Attack, AttackRow, AttackWorld, Verdict } from './row.ts';
import type { SwitchName } from './switches/switches.ts';

/** What one run showed, held against what had to happen. */
export interface RunResult {
  readonly id: number;
  /** On which engine; null where none is. */
  readonly engine: EngineVersion | null;
  readonly kind: 'attack' | 'layer' | 'switch' | 'honest' | 'control';
  readonly name: string;
  /** Whether it ended as it had to. */
  readonly good: boolean;
  /** undefined: it broke before anything could be judged. */
  readonly took: boolean | undefined;
  readonly saw: string;
  readonly refusalMs: readonly number[];
}

export interface Builds {
  /** The product as it is shipped. */
  readonly shipped: string;
  /** A test build with these checks off. */
  without(checks: readonly SwitchName[]): Promise<string>;
}

/**
 * Runs rows of one world: each attack against the product (refused), against a build without its checks (succeeds) and,
 * where several checks stand in its way, against each of them alone (refused); then the honest twins and the controls.
 */
export async function runRows<Stage>(
  world: AttackWorld<Stage>,
  rows: readonly AttackRow<Stage>[],
  builds: Builds,
  tell: (result: RunResult) => void,
): Promise<RunResult[]> {
  const results: RunResult[] = [];
  const started = await world.start();
  const judge = async (
    about: Pick<RunResult, 'id' | 'kind' | 'name'>,
    mustTake: boolean,
    product: () => Promise<string>,
    run: (stage: Stage) => Promise<Verdict>,
  ): Promise<void> => {
    const result = await tryRun({ ...about, engine: world.engine ?? null }, mustTake, async () =>
      started.onStage(await product(), run),
    );
    results.push(result);
    tell(result);
  };
  try {
    for (const row of rows) {
      for (const attack of row.attacks) {
        const { id } = row;
        const { name } = attack;
        const run = (stage: Stage) => attack.run(stage);
        await judge({ id, kind: 'attack', name }, false, async () => builds.shipped, run);
        for (const off of layersOf(attack)) {
          const alone = `${name}, only ${off.on}`;
          await judge({ id, kind: 'layer', name: alone }, false, () => builds.without(off.without), run);
        }
        if (attack.checks.length > 0)
          await judge({ id, kind: 'switch', name }, true, () => builds.without(attack.checks), run);
      }
      for (const twin of row.honest)
        await judge(
          { id: row.id, kind: 'honest', name: twin.name },
          true,
          async () => builds.shipped,
          (stage) => twin.run(stage),
        );
      for (const control of row.controls ?? [])
        await judge(
          { id: row.id, kind: 'control', name: control.name },
          true,
          async () => builds.shipped,
          (stage) => control.run(stage),
        );
    }
  } finally {
    await started.stop();
  }
  return results;
}

/** Each check of an attack alone: all the others off. */
function layersOf(attack: Attack<never>): { on: SwitchName; without: SwitchName[] }[] {
  if (attack.checks.length < 2) return [];
  return attack.checks.map((on) => ({ on, without: attack.checks.filter((one) => one !== on) }));
}

async function tryRun(
  about: Pick<RunResult, 'id' | 'engine' | 'kind' | 'name'>,
  mustTake: boolean,
  run: () => Promise<Verdict>,
): Promise<RunResult> {
  try {
    const { took, saw, refusalMs = [] } = await run();
    return { ...about, good: took === mustTake, took, saw, refusalMs };
  } catch (cause) {
    const saw = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    return { ...about, good: false, took: undefined, saw, refusalMs: [] };
  }
}
