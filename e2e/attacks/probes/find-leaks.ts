import { join } from 'node:path';
import { searchDisks } from '../../demo/search-disks.ts';
import type { LabFleet } from '../../journeys/lab-fleet.ts';
import { type Canary, findInBytes } from '../rows/canaries.ts';
import { lookIntoMemory } from './memory-of.ts';
import { watchProcesses } from './process-watch.ts';
import { tapSockets } from './socket-tap.ts';

/** Where a secret has no business to be. */
export type Place =
  | 'disks and logs'
  | 'arguments'
  | 'environments'
  | 'the engine'
  | 'sockets'
  | 'memory of the core'
  | 'answers';
export const places: readonly Place[] = [
  'disks and logs',
  'arguments',
  'environments',
  'the engine',
  'sockets',
  'memory of the core',
  'answers',
];

export interface Leaks {
  /** Per place the names of what lies there. */
  readonly found: ReadonlyMap<Place, readonly string[]>;
  /** How much was looked through. */
  readonly looked: string;
}

/**
 * Watches a fleet at work; `end` tells where the canaries turned up. The places where a secret may be are not looked at: the
 * node's folder of memory, the owner's own, the processes in containers.
 */
export async function watchForLeaks(fleet: LabFleet) {
  const { world } = fleet;
  const processes = watchProcesses();
  const tap = await tapSockets([fleet.core().pid, fleet.node().pid], join(world.folder, `tap-${Date.now()}`));
  return {
    async end(canaries: readonly Canary[], app: string): Promise<Leaks> {
      const found = new Map<Place, string[]>();
      const add = (place: Place, names: readonly string[]): void => {
        found.set(place, [...new Set([...(found.get(place) ?? []), ...names])]);
      };
      let memory = 0;
      memory = lookIntoMemory(fleet.core().pid, (piece) => add('memory of the core', findInBytes(piece, canaries)));
      const heard = await tap.end();
      add('sockets', findInBytes(heard, canaries));
      add('answers', findInBytes(Buffer.from(await answersOf(fleet, app)), canaries));
      add('the engine', findInBytes(Buffer.from(await engineText(fleet)), canaries));
      const { argumentTexts, environmentTexts } = processes.end();
      add('arguments', findInBytes(Buffer.from(argumentTexts.join('\n')), canaries));
      add('environments', findInBytes(Buffer.from(environmentTexts.join('\n')), canaries));
      const texts = Object.fromEntries(canaries.map(({ name, text }) => [name, text]));
      const disks = await searchDisks(world.diskPaths(), texts);
      add(
        'disks and logs',
        disks.findings.map(({ label, path }) => `${label} (${path})`),
      );
      const looked = [
        `${disks.files} files`,
        `${argumentTexts.length} command lines`,
        `${environmentTexts.length} environments`,
        `${Math.round(heard.length / 1e3)} kB of sockets`,
        `${Math.round(memory / 1e6)} MB of memory`,
      ].join(', ');
      return { found: new Map([...found].filter(([, names]) => names.length > 0)), looked };
    },
  };
}

/** What the core and the node tell an owner, of all that could hold a value. */
async function answersOf(fleet: LabFleet, app: string): Promise<string> {
  const verbs = [
    ...[
      ['apps', 'show', app],
      ['apps', 'plan', app],
      ['apps', 'logs', app],
      ['secrets', 'list'],
      ['nodes', 'show', 'n1'],
    ],
    ...[
      ['jobs', 'list'],
      ['audit', 'list', '--limit', '1000'],
      ['audit', 'export'],
      ['tokens', 'list'],
    ],
  ];
  let all = '';
  for (const verb of verbs) {
    const answer = await fleet.cli([...verb, '--json']);
    if (answer.code !== 0) throw new Error(`overseer ${verb.join(' ')} ended with ${answer.code}: ${answer.stdout}`);
    all += answer.stdout + answer.stderr;
  }
  return all;
}

/** All that the engine tells of its containers, and what these printed. */
async function engineText({ world }: LabFleet): Promise<string> {
  const script = 'for c in $(docker ps -aq); do docker inspect $c; docker logs $c; done 2>&1';
  return (await world.exec('n1', ['sh', '-c', script])).stdout;
}
