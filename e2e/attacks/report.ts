import type { EngineVersion } from '#world/world.ts';
import { attackIds, attackTitles, idsOnEachEngine } from './attack-ids.ts';
import type { RunResult } from './run-rows.ts';

/** The figures of a run. */
export interface AttackFigures {
  readonly attacksRun: number;
  readonly refused: number;
  readonly wronglyAccepted: number;
  /** With its checks off the attack succeeded, as often as it should. */
  readonly switchesProven: number;
  readonly switchesNotProven: number;
  readonly honestRun: number;
  readonly honestWronglyRefused: number;
  readonly medianRefusalMs: number | null;
  /** Ids of the list that did not run with an attack, an honest twin, and a switch or a control: "21", "21 on 20.10". */
  readonly notRun: readonly string[];
  /** Runs that broke before they could be judged. */
  readonly broken: number;
}

/** Adds up what the runs showed. `asked`: the ids that had to run. */
export function figuresOf(results: readonly RunResult[], asked: readonly number[] = attackIds): AttackFigures {
  const of = (...kinds: RunResult['kind'][]) => results.filter(({ kind }) => kinds.includes(kind));
  const attacks = of('attack', 'layer');
  const proofs = of('switch', 'control');
  const times = attacks.flatMap(({ refusalMs }) => refusalMs).sort((a, b) => a - b);
  return {
    attacksRun: attacks.length,
    refused: attacks.filter(({ took }) => took === false).length,
    wronglyAccepted: attacks.filter(({ took }) => took === true).length,
    switchesProven: proofs.filter(({ good }) => good).length,
    switchesNotProven: proofs.filter(({ good }) => !good).length,
    honestRun: of('honest').length,
    honestWronglyRefused: of('honest').filter(({ took }) => took === false).length,
    medianRefusalMs: times.length === 0 ? null : Math.round((times[Math.floor(times.length / 2)] ?? 0) * 10) / 10,
    notRun: dueRuns(results, asked)
      .filter(({ own }) => !isComplete(own))
      .map(({ id, onOld }) => (onOld ? `${id} on ${OLD_ENGINE}` : `${id}`)),
    broken: results.filter(({ took }) => took === undefined).length,
  };
}

/** The engine that ids of `idsOnEachEngine` run on besides. */
const OLD_ENGINE: EngineVersion = '20.10';

/** What has to run, with what did: each id, and some on the old engine again. */
function dueRuns(
  results: readonly RunResult[],
  asked: readonly number[],
): { id: number; onOld: boolean; own: RunResult[] }[] {
  return asked.flatMap((id) =>
    (idsOnEachEngine.includes(id) ? [false, true] : [false]).map((onOld) => {
      const own = results.filter((one) => one.id === id && (one.engine === OLD_ENGINE) === onOld);
      return { id, onOld, own };
    }),
  );
}

/** Whether a run counts as passed: every id ran whole, and everything ended as it had to. */
export function hasPassed(figures: AttackFigures): boolean {
  const { wronglyAccepted, switchesNotProven, honestWronglyRefused, notRun, broken, attacksRun } = figures;
  return attacksRun > 0 && wronglyAccepted + switchesNotProven + honestWronglyRefused + notRun.length + broken === 0;
}

function isComplete(results: readonly RunResult[]): boolean {
  const ran = (...kinds: RunResult['kind'][]) =>
    results.some(({ kind, took }) => kinds.includes(kind) && took !== undefined);
  return ran('attack') && ran('honest') && ran('switch', 'control');
}

/** One line per id and engine, and the figures below. */
export function tableOf(results: readonly RunResult[], asked: readonly number[] = attackIds): string {
  const lines = dueRuns(results, asked).map(({ id, onOld, own }) => {
    const engine = onOld ? OLD_ENGINE : (own[0]?.engine ?? '-');
    const share = (...kinds: RunResult['kind'][]) => {
      const some = own.filter(({ kind }) => kinds.includes(kind));
      return some.length === 0 ? '-' : `${some.filter(({ good }) => good).length}/${some.length}`;
    };
    const cells = [share('attack', 'layer'), share('switch', 'control'), share('honest')];
    const state = own.length === 0 ? 'did not run' : own.every(({ good }) => good) ? '' : 'NOT GOOD';
    const title = (attackTitles[id] ?? '').padEnd(56);
    return `${String(id).padStart(3)}  ${title}${engine.padEnd(6)}${cells.map((cell) => cell.padStart(9)).join('')}  ${state}`.trimEnd();
  });
  const figures = figuresOf(results, asked);
  return [
    `${'id'.padStart(3)}  ${'attack'.padEnd(56)}engine  refused proven   honest`,
    ...lines,
    '',
    `attacks run ${figures.attacksRun}, refused ${figures.refused}, wrongly accepted ${figures.wronglyAccepted}`,
    `with their checks off (or planted) they succeed: ${figures.switchesProven}, not proven ${figures.switchesNotProven}`,
    `honest twins run ${figures.honestRun}, wrongly refused ${figures.honestWronglyRefused}`,
    `median time to refusal ${figures.medianRefusalMs ?? '-'} ms`,
    ...(figures.broken > 0 ? [`broke before they could be judged: ${figures.broken}`] : []),
    ...(figures.notRun.length > 0 ? [`did not run whole: ${figures.notRun.join(', ')}`] : []),
  ].join('\n');
}
