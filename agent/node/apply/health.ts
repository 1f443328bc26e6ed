import { type Fault, fault } from '#shared/kernel/index.ts';
import type { PreparedService } from '../compose/prepared.ts';
import type { ContainerState } from '../engine/engine.ts';

/** What the containers of a prepared app say of its health. */
export type HealthVerdict =
  | { readonly is: 'good' /** Changes when a container was started anew. */; readonly key: string }
  | { readonly is: 'waiting'; readonly text: string }
  /** Docker's own health check gave up; it may come back, but not for long. */
  | { readonly is: 'sick'; readonly fault: Fault }
  | { readonly is: 'bad'; readonly fault: Fault };

/** A crash loop is known by now. */
const MAX_RESTARTS = 3;

/**
 * Judges containers of the wanted definition only. Running without a health check counts as good; a service that
 * another waits for with service_completed_successfully is good once it ended with 0. Pure.
 */
export function decideHealth(
  services: Iterable<PreparedService>,
  containers: readonly ContainerState[],
): HealthVerdict {
  const keys: string[] = [];
  let waiting: HealthVerdict | undefined;
  let sick: HealthVerdict | undefined;
  for (const service of services) {
    const mine = containers.filter((one) => one.service === service.name && one.definition === service.definition);
    const verdicts = mine.map((one) => (service.isOneShot ? judgeOneShot(service, one) : judgeLasting(service, one)));
    const bad = verdicts.find((verdict) => verdict.is === 'bad');
    if (bad) return bad;
    sick ??= verdicts.find((verdict) => verdict.is === 'sick');
    waiting ??= verdicts.find((verdict) => verdict.is === 'waiting');
    if (mine.length < service.replicas) waiting ??= { is: 'waiting', text: `${service.name} is not started yet` };
    for (const verdict of verdicts) if (verdict.is === 'good') keys.push(verdict.key);
  }
  return sick ?? waiting ?? { is: 'good', key: keys.sort().join(' ') };
}

function judgeOneShot(service: PreparedService, container: ContainerState): HealthVerdict {
  if (container.status !== 'exited' && container.status !== 'dead')
    return { is: 'waiting', text: `${service.name} has not ended yet` };
  if (container.exitCode === 0) return { is: 'good', key: container.id };
  return { is: 'bad', fault: exited(service.name, container.exitCode) };
}

function judgeLasting(service: PreparedService, container: ContainerState): HealthVerdict {
  const name = service.name;
  const restartsItself = !['', 'no'].includes(container.restartPolicy);
  if (container.restarts >= MAX_RESTARTS) return { is: 'bad', fault: crashLoop(name, container) };
  if (container.status === 'exited' || container.status === 'dead') {
    const stays = !restartsItself || (container.restartPolicy === 'on-failure' && container.exitCode === 0);
    return stays
      ? { is: 'bad', fault: exited(name, container.exitCode) }
      : { is: 'waiting', text: `${name} ended with code ${container.exitCode} and starts again` };
  }
  if (container.status === 'restarting') return { is: 'waiting', text: `${name} starts again` };
  if (container.status !== 'running') return { is: 'waiting', text: `${name} is ${container.status}` };
  if (container.health === 'starting') return { is: 'waiting', text: `${name} runs, its health check is not done` };
  if (container.health === 'unhealthy') return { is: 'sick', fault: unhealthy(name) };
  return { is: 'good', key: `${container.id}@${container.startedAt}` };
}

/** The fault of a service that ended and was not meant to, or not so. */
export function exited(service: string, code: number): Fault {
  const isClean = code === 0;
  return fault(
    'app.exited',
    'permanent',
    `${service} ended with code ${code}.`,
    isClean
      ? `If ${service} is meant to run once, let a lasting service depend on it with condition: service_completed_successfully.`
      : `Read why with \`overseer apps logs --service ${service}\`, then deploy a mended version.`,
    { field: `services.${service}`, detail: { service, exitCode: String(code) } },
  );
}

function crashLoop(service: string, container: ContainerState): Fault {
  return fault(
    'app.crash-loop',
    'permanent',
    `${service} was restarted ${container.restarts} times and ended with code ${container.exitCode} the last time.`,
    `Read why with \`overseer apps logs --service ${service}\`, then deploy a mended version.`,
    { field: `services.${service}`, detail: { service, exitCode: String(container.exitCode) } },
  );
}

/** The fault of a service whose health check fails. */
export function unhealthy(service: string): Fault {
  return fault(
    'app.unhealthy',
    'permanent',
    `The health check of ${service} fails.`,
    `Read why with \`overseer apps logs --service ${service}\`, then deploy a mended version.`,
    { field: `services.${service}`, detail: { service } },
  );
}

/** The fault of an app that was neither good nor clearly bad when its time was over. */
export function notHealthyInTime(timeoutMs: number, text: string): Fault {
  return fault(
    'app.not-healthy-in-time',
    'permanent',
    `The app was not healthy within ${Math.round(timeoutMs / 1000)} s: ${text}.`,
    'Read its log with `overseer apps logs`. If it needs longer, raise its health time-out.',
  );
}
