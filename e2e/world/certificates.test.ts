import { afterAll, beforeAll, expect, it } from 'vitest';
import { poll } from './processes.ts';
import { startWorld, type World } from './world.ts';

let world: World;

const resolver = (name: string, challenge: string): string[] => [
  `--certificatesresolvers.${name}.acme.caserver=${world.acme.directory}`,
  `--certificatesresolvers.${name}.acme.cacertificates=/ca.pem`,
  `--certificatesresolvers.${name}.acme.email=a@lab.example`,
  `--certificatesresolvers.${name}.acme.storage=/acme-${name}.json`,
  `--certificatesresolvers.${name}.acme.keytype=EC256`,
  `--certificatesresolvers.${name}.acme.${challenge}`,
];

const route = (name: string, rule: string, tls: object) => ({
  [name]: { rule, service: 'web', entryPoints: ['websecure'], tls },
});

beforeAll(async () => {
  world = await startWorld({ note: console.error });
  const routers = {
    ...route('http', 'Host(`one.lab.example`)', { certResolver: 'http' }),
    ...route('dns', 'Host(`two.home.example`)', { certResolver: 'dns', domains: [{ main: '*.home.example' }] }),
  };
  const services = { web: { loadBalancer: { servers: [{ url: 'http://web:8080' }] } } };
  await world.exec('n1', ['sh', '-c', 'mkdir -p /srv/dyn && cat > /srv/dyn/r.yml'], {
    input: JSON.stringify({ http: { routers, services } }),
  });
  for (const [zone, name] of [
    ['lab.example', 'one.lab.example'],
    ['home.example', 'two.home.example'],
  ]) {
    await world.cloudflareControl('putRecord', zone, { type: 'A', name, content: world.node.ipv4 });
  }
  const flags = [
    '--providers.file.directory=/dyn',
    '--entrypoints.web.address=:80',
    '--entrypoints.websecure.address=:443',
    ...resolver('http', 'httpchallenge.entrypoint=web'),
    ...resolver('dns', 'dnschallenge.provider=cloudflare'),
    '--certificatesresolvers.dns.acme.dnschallenge.resolvers=10.77.0.10:53',
  ];
  const mounts = ['-v', '/srv/dyn:/dyn:ro', '-v', `${world.acme.caFile}:/ca.pem:ro`];
  const cloudflare = [
    '-e',
    `CLOUDFLARE_BASE_URL=${world.cloudflare.url}`,
    '-e',
    `CF_DNS_API_TOKEN=${world.cloudflare.token}`,
  ];
  await world.docker(['network', 'create', 'in']);
  await world.docker(['run', '-d', '--network', 'in', '--name', 'web', 'lab/web:1']);
  const ports = ['-p', '80:80', '-p', '443:443'];
  const ran = await world.docker([
    'run',
    '-d',
    '--network',
    'in',
    '--name',
    'traefik',
    ...ports,
    ...mounts,
    ...cloudflare,
    'traefik:v3.7',
    ...flags,
  ]);
  expect(ran).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await world?.stop();
});

/** The page, once its certificate verifies against the ACME root. */
async function verified(url: string) {
  const ca = await world.pebbleRoot();
  const answer = await poll(async () => {
    const got = await world.httpGet(url, { ca });
    return got.ok && got.status === 200 ? got : undefined;
  }, 90_000);
  const log = await world.docker(['logs', '--tail', '20', 'traefik']);
  expect(answer, log.stdout + log.stderr).toBeDefined();
  return answer;
}

it('LAB-15: Traefik gets a certificate by HTTP-01 and serves an app under it', async () => {
  const page = await verified('https://one.lab.example/');
  expect(page?.body).toBe('lab/web 1\n');
  expect(page?.certificate?.names).toBe('DNS:one.lab.example');
});

it('LAB-16: Traefik gets a wildcard by DNS-01 through the Cloudflare double and takes its TXT record away', async () => {
  const page = await verified('https://two.home.example/');
  expect(page?.certificate?.names).toBe('DNS:*.home.example');
  expect((await world.resolve('_acme-challenge.home.example', 'TXT')).answers).toEqual([]);
});

it('LAB-17: a page under that root is refused by whoever does not know it', async () => {
  expect(await world.httpGet('https://one.lab.example/')).toMatchObject({ ok: false });
});
