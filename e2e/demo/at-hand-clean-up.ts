import type { DockerCli } from './at-hand-engine.ts';

/** The label that Overseer puts on every object it makes: what carries it with this demo's fleet is the demo's own. */
const FLEET_LABEL = 'dev.overseer.fleet';

const TRIES = 5;

/** Removes every container, network and volume of one fleet, and nothing else. Gives what it removed. */
export async function removeFleetObjects(docker: DockerCli, fleet: string): Promise<string[]> {
  const removed: string[] = [];
  let last: unknown;
  for (let round = 0; round < TRIES; round++) {
    const open = await fleetObjects(docker, fleet);
    if (open.length === 0) return removed;
    for (const { kind, name } of open) {
      try {
        await docker(REMOVE[kind](name));
        removed.push(`${kind} ${name}`);
      } catch (cause) {
        // A network is free only when the engine has let go of its containers; the next round tries again.
        last = cause;
      }
    }
  }
  const left = await fleetObjects(docker, fleet);
  if (left.length > 0)
    throw new Error(`not removed: ${left.map(({ kind, name }) => `${kind} ${name}`).join(', ')} (${String(last)})`);
  return removed;
}

type Kind = 'container' | 'network' | 'volume';

const REMOVE: Record<Kind, (name: string) => string[]> = {
  container: (name) => ['rm', '--force', '--volumes', name],
  network: (name) => ['network', 'rm', name],
  volume: (name) => ['volume', 'rm', name],
};

/** Everything that carries the fleet's label, in the order in which it can be removed. */
export async function fleetObjects(docker: DockerCli, fleet: string): Promise<{ kind: Kind; name: string }[]> {
  const filter = ['--filter', `label=${FLEET_LABEL}=${fleet}`];
  const names = (text: string) => text.split('\n').filter((line) => line !== '');
  const of = (kind: Kind, text: string) => names(text).map((name) => ({ kind, name }));
  return [
    ...of('container', await docker(['ps', '-a', ...filter, '--format', '{{.Names}}'])),
    ...of('network', await docker(['network', 'ls', ...filter, '--format', '{{.Name}}'])),
    ...of('volume', await docker(['volume', 'ls', ...filter, '--format', '{{.Name}}'])),
  ];
}
