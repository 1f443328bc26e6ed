import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { faultSchema } from '#shared/contracts/errors/fault-schema.ts';
import { startWorld, type World } from '#world/world.ts';

/** One line that the driver of an applier said; see agent/node/apply/testing/drive.ts. */
export interface Said {
  type: string;
  step?: string;
  state?: string;
  text?: string;
  outcome?: string;
  awayMs?: number | null;
  digests?: Record<string, string>;
  fault?: z.output<typeof faultSchema> | null;
  message?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the answer of whichever call was made
  value?: any;
  lines?: string[];
}

/** What a call ended with, and what was told on the way. */
export interface Answer extends Said {
  steps: Said[];
}

/** Applies releases in a world's node, each call in a process of its own: nothing survives but what is on its disk. */
export interface Driver {
  world: World;
  call: (call: object) => Promise<Answer>;
  /** Starts a call and leaves it running, to be killed. */
  spawn: (call: object) => ReturnType<World['spawn']>;
  ps: () => Promise<{ name: string; status: string; image: string; id: string }[]>;
}

const program = '/opt/overseer/agent/node/apply/testing/drive.ts';

/** A world of its own with a driver in its node. */
export async function startDriver(): Promise<Driver> {
  const world = await startWorld({ note: () => undefined });
  return {
    world,
    call: async (call) => {
      const ran = await world.exec('n1', ['node', program], { timeoutMs: 240_000, input: `${JSON.stringify(call)}\n` });
      const said = ran.stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Said);
      const last = said.at(-1);
      if (!last || last.type === 'ready') throw new Error(`the driver said nothing: ${ran.stdout}${ran.stderr}`);
      return { ...last, steps: said.filter((one) => one.type === 'step') };
    },
    spawn: (call) => world.spawn('n1', ['node', program, JSON.stringify(call)]),
    ps: async () => {
      const listed = await world.docker([
        'ps',
        '-a',
        '--no-trunc',
        '--format',
        '{{.Names}}|{{.Status}}|{{.Image}}|{{.ID}}',
      ]);
      return listed.stdout
        .split('\n')
        .filter((line) => line.includes('|'))
        .map((line) => {
          const [name = '', status = '', image = '', id = ''] = line.split('|');
          return { name, status, image, id };
        });
    },
  };
}

/** An id that looks like a real one, from a word. */
export function idOf(word: string): string {
  return createHash('sha256')
    .update(word)
    .digest('hex')
    .replaceAll(/[0189]/g, 'z')
    .slice(0, 26);
}

/** Looks at a starting container at once instead of after the engine's five seconds; a line of a service. */
export const quickHealth = '    healthcheck: {start_period: 2s, start_interval: 300ms}\n';

/** A body of one service `web` from an image of the lab's test server. */
export function webBody(tag: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const ref = tag.includes('/') ? tag : `lab/web:${tag}`;
  return {
    v: 1,
    kind: 'app',
    name: 'web',
    state: 'running',
    compose: `services:\n  web:\n    image: ${ref}\n    stop_grace_period: 2s\n${quickHealth}`,
    images: { web: { ref, digest: null } },
    policies: { healthTimeoutMs: 40_000, settleMs: 1_000 },
    ...more,
  };
}

/** The release as one that was good. */
export function goodRelease(body: object, answer: Answer, number = 1) {
  return {
    number,
    header: createHash('sha256').update(JSON.stringify(body)).digest('hex'),
    body,
    digests: answer.digests ?? {},
  };
}
