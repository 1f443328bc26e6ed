import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { partFolder } from '#world/cache/part.ts';
import { toolCommand, tools } from '#world/cache/parts/tools.ts';
import type { Running } from '#world/world.ts';
import { eventually, logShows } from '../../journeys/fleet.ts';
import { type BareFleet, copyOf, deployArguments } from '../bare-fleet.ts';
import { lookIntoCore } from '../look-into.ts';
import type { Row } from '../row.ts';
import { unwrapped } from '../wrapped.ts';
import { isLossSeen } from './standing-still.ts';

const NODES = 50;
/** Joins that are under way at once. */
const AT_ONCE = 4;
const MET = /Connected to the core/g;

/** B4-12: fifty agents, each a process of its own, lose the core and find it again; people are served meanwhile. */
export const manyNodes: Row = {
  id: '12',
  title: `${NODES} agents come back after kill -9 of the core`,
  async run(grounds) {
    const fleet = await grounds.bare();
    const problems: string[] = [];
    await fleet.startCore();
    const names = Array.from({ length: NODES }, (_, index) => `crowd-${index + 1}`);
    await joinAll(fleet, names);
    grounds.note(`${NODES} nodes have joined`);
    const agents: Running[] = [];
    for (const name of names) {
      const agent = await fleet.spawnNode(name);
      agents.push(agent);
      if (agents.length % AT_ONCE === 0) await logShows(agent, MET, 60_000);
    }
    const back = () => agents.filter((agent) => (agent.log().match(MET)?.length ?? 0) > restarts).length;
    let restarts = 0;
    await eventually('all are there', async () => (back() === NODES ? true : undefined), 120_000);
    grounds.note('all are there; the core is killed');

    restarts = 1;
    fleet.core().kill('SIGKILL');
    await fleet.core().exited;
    await fleet.startCore();
    const from = performance.now();
    const publish = fleet.cli(await deployArguments(fleet, '2'));
    await eventually('all are back', async () => (back() === NODES ? true : undefined), 120_000).catch(() =>
      problems.push(`${NODES - back()} of ${NODES} did not come back`),
    );
    const allBackMs = performance.now() - from;
    const served = await publish;
    if (served.code !== 0) problems.push(`the publish meanwhile ended with ${served.code}: ${served.stderr}`);
    const bareMs = await bareAccepts(fleet);
    for (const agent of agents) agent.kill('SIGTERM');
    for (const agent of agents) await agent.exited;
    await fleet.rest();
    const seen = await lookIntoCore(copyOf(fleet.coreFolder, 'after'));
    problems.push(...seen.mixed);
    const told = served.code === 0 ? (served.lines.at(-1) as { header: string }).header : undefined;
    const lost = told === undefined || seen.releases.some(({ header }) => header === told) ? 0 : 1;
    const figures = `100 % after ${(allBackMs / 1_000).toFixed(1)} s, ${(allBackMs / bareMs).toFixed(1)} times ${NODES} bare TLS accepts (${bareMs.toFixed(0)} ms); publish meanwhile ${(served.tookMs / 1_000).toFixed(1)} s`;
    return { points: NODES, acknowledged: told === undefined ? 0 : 1, lost, figures, problems };
  },
  async control(grounds) {
    const fleet = await grounds.bare();
    // One agent whose core does not come back: the count must not say that it did.
    await fleet.startCore();
    const agent = await fleet.startNode();
    await logShows(agent, MET);
    fleet.core().kill('SIGKILL');
    await fleet.core().exited;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const counted = agent.log().match(MET)?.length ?? 0;
    await fleet.rest();
    return { seen: counted === 1 && (await isLossSeen(fleet)), what: 'an agent without a core is not counted as back' };
  },
};

async function joinAll(fleet: BareFleet, names: readonly string[]): Promise<void> {
  const left = [...names];
  const worker = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const waiting = await fleet.spawnOwner(['nodes', 'token', '--name', name, '--json'], 'token');
      const token = await logShows(waiting, /ov1_[A-Za-z0-9_-]+/, 60_000);
      const joined = await fleet.nodeIn(unwrapped, name, ['node', 'join', token]);
      waiting.kill('SIGKILL');
      if (joined.code !== 0) throw new Error(`${name} did not join: ${joined.stdout}${joined.stderr}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** As many handshakes with client certificates against a bare TLS server, in the same place and minute. */
async function bareAccepts(fleet: BareFleet): Promise<number> {
  const folder = join(fleet.bubble.folder, 'bare-tls');
  mkdirSync(folder, { recursive: true });
  const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=bare'];
  const env = { OPENSSL_CONF: join(partFolder(tools), 'root/etc/ssl/openssl.cnf') };
  const made = ['-keyout', join(folder, 'key'), '-out', join(folder, 'crt')];
  await fleet.bubble.exec([...toolCommand('usr/bin/openssl'), ...kind, ...made], { env });
  const script = `
    const { readFileSync } = require('node:fs');
    const tls = require('node:tls');
    const [key, cert] = [readFileSync('key'), readFileSync('crt')];
    if (process.argv[1] === 'serve') {
      const server = tls.createServer({ key, cert, requestCert: true, rejectUnauthorized: false }, (one) => one.write('x'));
      server.listen(7555, '127.0.0.1', () => console.log('serves'));
    } else {
      const from = performance.now();
      let met = 0;
      for (let one = 0; one < ${NODES}; one++)
        tls.connect({ host: '127.0.0.1', port: 7555, key, cert, rejectUnauthorized: false }).on('data', () => {
          if (++met === ${NODES}) { console.log(performance.now() - from); process.exit(); }
        });
    }`;
  const file = join(folder, 'bare.cjs');
  writeFileSync(file, script.replaceAll('process.argv[1]', 'process.argv[2]'));
  const server = await fleet.bubble.spawn(['/usr/bin/env', '-C', folder, process.execPath, file, 'serve'], {
    name: 'bare',
  });
  await logShows(server, /serves/);
  const met = await fleet.bubble.exec([process.execPath, file, 'meet'], { cwd: folder });
  server.kill('SIGKILL');
  await server.exited;
  return Number(met.stdout);
}
