import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { bringUpFleet, eventually, type Fleet } from '../journeys/fleet.ts';
import type { DockerCli } from './at-hand-engine.ts';
import { atHandPaths } from './at-hand-fleet.ts';
import type { AtHandFolders } from './at-hand-folders.ts';
import { INGRESS_IMAGE } from './at-hand-images.ts';
import { freePort } from './at-hand-ports.ts';
import type { DemoPlace, Page, PageOptions } from './demo-place.ts';
import type { DemoScreens } from './prove-screens.ts';
import type { StepRunner } from './step-table.ts';

/** Browsers take every name below localhost to this machine, so no DNS server is asked. */
const HOST = 'feeds.localhost';
const NODE = 'here';

/** init, claim, join, an ingress on high ports, and Miniflux from the catalogue at its own name. Gives the place and its screens. */
export async function deployAtHand(
  about: { fleet: Fleet; docker: DockerCli; folders: AtHandFolders; onFleet: (fleet: string) => void },
  runner: StepRunner,
): Promise<{ place: DemoPlace; screens: DemoScreens }> {
  const { fleet, docker, folders } = about;
  let fingerprint = '';
  await runner.step('fleet', async () => {
    const notes: string[] = [];
    const made = await bringUpFleet(fleet, (note) => notes.push(note), { fleet: 'demo', node: NODE });
    about.onFleet(made.fleet);
    fingerprint = made.spki;
    return notes.join('; ');
  });
  const httpPort = await freePort(docker, 8080);
  const httpsPort = await freePort(docker, Math.max(8443, httpPort + 1));
  await runner.step('ingress', async () => {
    const ports = ['--http-port', String(httpPort), '--https-port', String(httpsPort)];
    const plain = ['--no-acme', '--public-address', '127.0.0.1', '--image', INGRESS_IMAGE];
    await fleet.ask(['ingress', 'enable', '--node', NODE, ...plain, ...ports, '--yes'], 180_000);
    return `Traefik runs on ports ${httpPort} and ${httpsPort}; no ACME server can reach here, so routes are plain HTTP`;
  });
  const place = atHandPlace({ fleet, docker, folders, httpPort });
  await runner.step('deploy Miniflux', async () => {
    const app = ['apps', 'deploy', 'feeds', '--catalog', 'miniflux', '--node', NODE, '--input', 'log_level=debug'];
    const route = ['--host', HOST, '--tls', 'off', '--dns', 'off', ...place.deployOptions];
    const job = await fleet.ask<{ number: number; outcome: string; urls: string[] }>(
      [...app, ...route, '--yes'],
      300_000,
    );
    if (job.urls[0] !== place.url) throw new Error(`it is said to be at ${job.urls.join(', ')}, not at ${place.url}`);
    return `release ${job.number} ${job.outcome}`;
  });
  await runner.step('seen from outside: http', async () => {
    const page = await place.page('/');
    if (!/miniflux/i.test(page.body)) throw new Error(`no login page: ${page.status} ${page.body.slice(0, 200)}`);
    return `login page at ${place.url}/`;
  });
  return { place, screens: { url: `https://${fleet.coreHost}:${fleet.coreHttpPort}`, fingerprint } };
}

function atHandPlace(about: { fleet: Fleet; docker: DockerCli; folders: AtHandFolders; httpPort: number }): DemoPlace {
  const { fleet, docker, folders, httpPort } = about;
  const paths = atHandPaths(folders);
  const url = `http://${HOST}:${httpPort}`;
  return {
    owner: fleet,
    url,
    // The catalogue takes the name to be at https and 443.
    deployOptions: ['--env', `BASE_URL=${url}/`],
    memoryFile: fleet.memoryFile,
    page: (path, options) =>
      eventually(`${url}${path}`, async () => {
        const page = await ask(httpPort, path, options).catch(() => undefined);
        return page && page.status < 500 ? page : undefined;
      }),
    docker,
    // Nobody keeps records here: the name needs none.
    records: async () => [],
    appFiles: async (appId) =>
      [paths.node, paths.run].flatMap((folder) =>
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && join(entry.parentPath, entry.name).includes(appId))
          .map((entry) => join(entry.parentPath, entry.name)),
      ),
    diskFolders: () =>
      readdirSync(folders.disk)
        .map((name) => join(folders.disk, name))
        .filter((path) => path !== folders.memory),
  };
}

/** One request to the ingress by loopback, with the name in its header as a browser sends it. */
function ask(port: number, path: string, options: PageOptions = {}): Promise<Page> {
  const { method = 'GET', headers = {}, body } = options;
  const host = { host: `${HOST}:${port}` };
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, method, headers: { ...headers, ...host }, timeout: 10_000, agent: false },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: String(Buffer.concat(parts)) }));
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer in 10 s')));
    asked.on('error', reject);
    asked.end(body);
  });
}
