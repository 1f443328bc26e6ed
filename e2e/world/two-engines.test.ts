import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poll } from './processes.ts';
import { startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ engines: ['28.5', '20.10'], note: console.error });
});
afterAll(() => world?.stop());

const docker = async (place: 'n1' | 'n2', ...args: string[]): Promise<string> => {
  const done = await world.exec(place, ['docker', ...args]);
  expect(done.code, done.stderr).toBe(0);
  return done.stdout.trim();
};

describe('a lab with two nodes', () => {
  it('LAB-14: each node has the engine it was asked to have, with the same Compose and the pinned Node', async () => {
    const versions = ['version', '-f', '{{.Server.Version}} {{.Server.APIVersion}}'];
    expect(await docker('n1', ...versions)).toMatch(/^28\.5\.\S+ 1\.51$/);
    expect(await docker('n2', ...versions)).toMatch(/^20\.10\.24\S* 1\.41$/);
    for (const node of world.nodes) {
      const place = node.name as 'n1' | 'n2';
      expect(await docker(place, 'compose', 'version', '--short')).toContain('5.6.0');
      expect((await world.exec(place, ['node', '-v'])).stdout.trim()).toBe(process.version);
      expect((await world.exec(place, ['hostname'])).stdout.trim()).toBe(node.name);
    }
  });

  it('LAB-15: the nodes are two hosts: a port and a container of one are not the other’s, and they reach each other', async () => {
    for (const place of ['n1', 'n2'] as const)
      await docker(place, 'run', '-d', '--name', 'web', '-p', '80:8080', `lab/web:${place === 'n1' ? 1 : 2}`);
    expect(await docker('n1', 'inspect', '-f', '{{.Config.Image}}', 'web')).toBe('lab/web:1');
    expect(await docker('n2', 'inspect', '-f', '{{.Config.Image}}', 'web')).toBe('lab/web:2');
    for (const [place, other] of [
      ['n1', world.nodes[1]],
      ['n2', world.nodes[0]],
    ] as const) {
      const code = `fetch('http://${other?.ipv4}/').then((answer) => console.log(answer.status))`;
      const ask = async () => (await world.exec(place, ['node', '-e', code])).stdout.trim() || undefined;
      expect(await poll(ask)).toBe('200');
    }
  });

  it('LAB-16: a power cut of one node leaves what runs on the other', async () => {
    const before = await docker('n1', 'inspect', '-f', '{{.State.StartedAt}} {{.State.Running}}', 'web');
    await world.nodes[1]?.powerCut();
    await expect(world.exec('n2', ['true'])).rejects.toThrow('switched off');
    expect(await docker('n1', 'inspect', '-f', '{{.State.StartedAt}} {{.State.Running}}', 'web')).toBe(before);
    await world.nodes[1]?.powerOn();
    expect(await docker('n2', 'ps', '-aq', '--filter', 'name=web')).not.toBe('');
  });
});
