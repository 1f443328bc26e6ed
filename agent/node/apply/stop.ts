import type { ContainerState } from '../engine/engine.ts';
import { statusOf } from '../engine/engine-fault.ts';
import { DEPENDS_LABEL } from '../engine/naming.ts';
import type { ApplierContext } from './context.ts';

/** Stops an app's running containers, those that need others first. Returns how many were stopped. */
export async function stopContainers(context: ApplierContext, appId: string): Promise<number> {
  const containers = await context.engine.containersOf(appId);
  const running = containers.filter(
    (one) => one.status === 'running' || one.status === 'restarting' || one.status === 'paused',
  );
  for (const wave of stopOrder(running)) {
    await Promise.all(
      wave.map(async (one) => {
        try {
          await context.engine.docker.getContainer(one.id).stop();
        } catch (cause) {
          // 304: it stopped by itself; 404: it is gone.
          if (statusOf(cause) !== 304 && statusOf(cause) !== 404) throw cause;
        }
      }),
    );
  }
  return running.length;
}

/** Waves of containers: each wave is needed by nobody that still runs. A circle ends as one wave. */
export function stopOrder(containers: readonly ContainerState[]): ContainerState[][] {
  const waves: ContainerState[][] = [];
  let left = [...containers];
  while (left.length > 0) {
    const needed = new Set(left.flatMap((one) => dependenciesOf(one)));
    const free = left.filter((one) => !needed.has(one.service));
    const wave = free.length > 0 ? free : left;
    waves.push(wave);
    left = left.filter((one) => !wave.includes(one));
  }
  return waves;
}

/** Compose writes `service:condition:restart`, separated by commas. */
function dependenciesOf(container: ContainerState): string[] {
  return (container.labels[DEPENDS_LABEL] ?? '')
    .split(',')
    .map((entry) => entry.split(':')[0] ?? '')
    .filter((name) => name !== '');
}
