import type { Verdict } from '../row.ts';
import type { Carried, EngineStage, Inspected } from '../world/engine-world.ts';

const IMAGE = 'lab/web:1';

/** A body of one service `web`: further lines of the service, of the file's top, and of the body. */
export interface ComposeOrder {
  readonly service?: string;
  readonly top?: string;
  /** Instead of all that. */
  readonly compose?: string;
  readonly body?: object;
  readonly objects?: readonly Carried[];
}

/** The body of a release around a Compose file. */
export function bodyOf({ service, top, compose, body }: ComposeOrder): object {
  const lines = ['services:', '  web:', `    image: ${IMAGE}`, '    stop_grace_period: 1s'];
  if (service) lines.push(`    ${service}`);
  if (top) lines.push(top);
  return {
    v: 1,
    kind: 'app',
    name: 'web',
    state: 'running',
    compose: compose ?? `${lines.join('\n')}\n`,
    images: { web: { ref: IMAGE, digest: null } },
    policies: { healthTimeoutMs: 30_000, settleMs: 0 },
    ...body,
  };
}

/**
 * Orders it, and judges by the engine: taken when what was made shows the effect. Refused: the node said why, and the
 * engine has the same containers, volumes and networks as before.
 */
export async function orderCompose(
  stage: EngineStage,
  what: string,
  order: ComposeOrder,
  shows: (made: readonly Inspected[]) => boolean | Promise<boolean>,
): Promise<Verdict> {
  const before = await stage.engineState();
  const ended = await stage.order(bodyOf(order), { objects: order.objects ?? [] });
  const made = await stage.inspect(ended.appId);
  const saw = `${what}: ${ended.outcome} ${ended.code ?? ''} ${ended.message ?? ''}; the engine made ${made.length}`;
  if (await shows(made)) return { took: true, saw };
  if (ended.code === null) throw new Error(`${saw}: neither its effect nor a refusal`);
  // Only the last look refuses what was made already: it takes it down, and the rest is as it was.
  const isLate = ended.code === 'gate.inspect-mismatch';
  if (made.some(({ State }) => State.Running)) throw new Error(`${saw}: refused, but it runs`);
  if ((await stage.engineState(isLate ? ended.appId : undefined)) !== before)
    throw new Error(`${saw}: refused, but the engine has changed`);
  return { took: false, saw, refusalMs: [ended.tookMs] };
}
