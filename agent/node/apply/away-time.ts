import type { ContainerInfo } from 'dockerode';
import type { Clock } from '#shared/kernel/index.ts';
import type { Engine } from '../engine/engine.ts';
import { PROJECT_LABEL, projectName, routeAlias, SERVICE_LABEL } from '../engine/naming.ts';

/** Measures how long nothing served. */
export interface AwayTime {
  /** Milliseconds so far; null when the app did not serve at the start. */
  stop(): Promise<number | null>;
}

const SAMPLE_MS = 150;

/** What counts as serving. */
export interface ServingRule {
  readonly appId: string;
  /** The services people reach: the routed ones, else all lasting ones. */
  readonly services: readonly string[];
  /** Routed services serve only through a container that the route file names. */
  readonly routed: readonly string[];
  routeFile(): string | undefined;
}

/** Looks at the engine every 150 ms from now on. Looking must never disturb: an engine error counts as "as before". */
export async function startAwayTime(
  tools: { engine: Engine; clock: Clock; pause: (ms: number, signal?: AbortSignal) => Promise<void> },
  rule: ServingRule,
): Promise<AwayTime> {
  const { engine, clock } = tools;
  const look = async () => {
    const filters = { label: [`${PROJECT_LABEL}=${projectName(rule.appId)}`] };
    return isServing(rule, await engine.docker.listContainers({ filters }));
  };
  const servedBefore = rule.services.length > 0 && (await look().catch(() => false));
  if (!servedBefore) return { stop: async () => null };
  const end = new AbortController();
  let awayMs = 0;
  let last = clock.nowMs();
  let serves = true;
  const sampling = (async () => {
    while (!end.signal.aborted) {
      serves = await look().catch(() => serves);
      const now = clock.nowMs();
      if (!serves) awayMs += now - last;
      last = now;
      await tools.pause(SAMPLE_MS, end.signal);
    }
  })();
  return {
    stop: async () => {
      end.abort();
      await sampling;
      return awayMs;
    },
  };
}

/** Whether every service of the rule has a container that runs, is not unhealthy or still starting, and is reached. */
export function isServing(rule: ServingRule, containers: readonly ContainerInfo[]): boolean {
  const file = rule.routed.length > 0 ? (rule.routeFile() ?? '') : '';
  return rule.services.every((service) =>
    containers.some((container) => {
      if (container.Labels[SERVICE_LABEL] !== service || container.State !== 'running') return false;
      if (/\((unhealthy|health: starting)\)/.test(container.Status)) return false;
      return !rule.routed.includes(service) || file.includes(routeAlias(rule.appId, service, container.Id));
    }),
  );
}
