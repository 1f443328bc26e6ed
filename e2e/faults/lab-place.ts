import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureParts, partFolder } from '#world/cache/part.ts';
import { faultTools } from '#world/cache/parts/fault-tools.ts';
import { type Running, startWorld, type World } from '#world/world.ts';
import { bringUpFleet, createLabFleet, enableIngressAndDns, eventually, type LabFleet } from '../journeys/lab-fleet.ts';
import { copyOf } from './bare-fleet.ts';
import { buildBroken, type Change } from './broken-build.ts';
import { lookIntoCore } from './look-into.ts';

/** A lab with one app `web` behind the ingress, for the rows whose verdict is the engine's. */
export interface LabPlace {
  readonly world: World;
  readonly fleet: LabFleet;
  readonly appId: string;
  readonly host: string;
  /** Where the tools of faults lie inside the node. */
  readonly toolsInNode: string;
  /** Confirms the next version of `web` with this image, without waiting; gives its value of VERSION. */
  deploy(image: string, value: string): Promise<{ code: number | null; header: string | undefined; said: string }>;
  /** Lets a device vouch for an agent that has just started: it takes no change before. */
  vouch(agent: Running): Promise<void>;
  /** Waits until no job is under way and gives the outcome of the last, or `none` when `isOver` says so before. */
  settled(timeoutMs?: number, isOver?: () => boolean): Promise<string>;
  /** Containers of the app and what each runs, as the engine tells it. */
  containers(): Promise<{ id: string; name: string; status: string; version: string; startedAt: string }[]>;
  /** Networks whose name holds the app's id. */
  networks(): Promise<string[]>;
  /** Runs `work` while the node is this build, then the true one again, with a good version of the app. */
  runningBroken<T>(changes: readonly Change[], work: () => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

const HOST = 'web.lab.example';

const composeOf = (image: string): string =>
  `services:\n  web:\n    image: ${image}\n    stop_grace_period: 2s\n    environment:\n      VERSION: \${VERSION:-0}\n    healthcheck: {start_period: 2s, start_interval: 300ms}\n`;

/** Starts a world of its own: the caller ends it. */
export async function startLabPlace(product: string): Promise<LabPlace> {
  await ensureParts([faultTools], (line) => console.error(line));
  const world = await startWorld({ product });
  try {
    const fleet = createLabFleet(world);
    await bringUpFleet(fleet);
    await enableIngressAndDns(fleet);
    const toolsInNode = '/opt/fault-tools';
    for (const part of ['usr/lib/x86_64-linux-gnu', 'usr/bin']) {
      const to = world.nodePath(`${toolsInNode}/${part}`);
      mkdirSync(to, { recursive: true });
      cpSync(join(partFolder(faultTools), 'root', part), to, { recursive: true });
    }
    const deploy: LabPlace['deploy'] = async (image, value) => {
      const compose = await fleet.memoryFile('web.yaml', composeOf(image));
      const route = ['--host', HOST, '--service', 'web', '--port', '8080'];
      const about = ['--compose', compose, '--node', 'n1', '--env', `VERSION=${value}`, '--health-timeout', '15'];
      const done = await fleet.cli(['apps', 'deploy', 'web', ...about, ...route, '--yes', '--no-wait', '--json']);
      const { header } = (done.lines.at(-1) ?? {}) as { header?: string };
      return { code: done.code, header, said: `${done.stdout}${done.stderr}` };
    };
    const settled: LabPlace['settled'] = (timeoutMs = 120_000, isOver = () => false) =>
      eventually(
        'no job is under way',
        async () => {
          if (isOver()) return 'none';
          const { jobs } = await lookIntoCore(copyOf(fleet.coreFolder, 'seen'));
          return jobs.every((state) => /done|failed|cancel/.test(state)) ? jobs.at(-1) : undefined;
        },
        timeoutMs,
      );
    const vouch: LabPlace['vouch'] = async (agent) => {
      const met = async () => (!agent.isRunning() || /Connected to the core/.test(agent.log()) ? true : undefined);
      await eventually('the node has met the core', met, 60_000);
      await eventually('the node is vouched for', async () => {
        const { stdout } = await fleet.cli(['nodes', 'list', '--json']);
        return !agent.isRunning() || !/"holding":true/.test(stdout) ? true : undefined;
      });
    };
    const runs = async (bundle: string): Promise<void> => {
      fleet.node().kill('SIGTERM');
      await fleet.node().exited;
      // The core has its addons mapped: written over in place they end it.
      cpSync(bundle, world.product, { recursive: true, filter: (path) => !path.endsWith('.node') });
      await vouch(await fleet.startNode());
    };
    const first = await deploy('lab/web:1', 'v1');
    if (first.code !== 0) throw new Error(first.said);
    await settled();
    const { appId } = await fleet.ask<{ appId: string }>(['apps', 'show', 'web']);
    return {
      world,
      fleet,
      appId,
      host: HOST,
      toolsInNode,
      deploy,
      settled,
      vouch,
      async containers() {
        const filter = `label=com.docker.compose.project=ov-${appId}`;
        const ids = (await world.docker(['ps', '-aq', '--filter', filter])).stdout.split('\n').filter(Boolean);
        if (ids.length === 0) return [];
        const all = JSON.parse((await world.docker(['inspect', ...ids])).stdout) as {
          Id: string;
          Name: string;
          State: { Status: string; StartedAt: string };
          Config: { Env: string[] };
        }[];
        return all.map(({ Id, Name, State, Config }) => ({
          id: Id,
          name: Name,
          status: State.Status,
          startedAt: State.StartedAt,
          version: Config.Env.find((one) => one.startsWith('VERSION='))?.slice(8) ?? '',
        }));
      },
      async networks() {
        const listed = await world.docker(['network', 'ls', '--format', '{{.Name}}']);
        return listed.stdout
          .split('\n')
          .filter((name) => name.includes(appId))
          .sort();
      },
      async runningBroken(changes, work) {
        await runs(await buildBroken(changes));
        const worked = work();
        // Whatever came of it: the next row wants the true one.
        await worked.catch(() => undefined);
        await runs(product);
        const good = await deploy('lab/web:1', 'after-the-broken-build');
        const outcome = await settled();
        if (good.code !== 0 || outcome !== 'done') throw new Error(`the true build: ${outcome}, ${good.said}`);
        return worked;
      },
      end: () => world.stop(),
    };
  } catch (cause) {
    await world.stop();
    throw cause;
  }
}
