import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lab } from './addresses.ts';
import { LabError } from './cache/lab-error.ts';
import { partFolder } from './cache/part.ts';
import { toolCommand, tools } from './cache/parts/tools.ts';
import { run } from './cache/run.ts';
import { tail } from './node.ts';
import { poll, type Running } from './processes.ts';

export type CloudflareAccess = { url: string; labUrl: string; token: string };

/** Starts something in the hub with its output in a log of that name. */
type Start = (name: string, argv: readonly string[], env: Record<string, string>) => Promise<Running>;

/** The mirror from which usual image names pull; pushes go to the world's own layer of it. */
export async function startRegistry(folder: string, start: Start): Promise<Running> {
  const config = {
    version: '0.1',
    storage: { filesystem: { rootdirectory: join(folder, 'registry/data') }, delete: { enabled: true } },
    http: { addr: lab.registry.replace('http://', '') },
  };
  const file = join(folder, 'registry/config.yml');
  writeFileSync(file, JSON.stringify(config));
  return start('registry', [...toolCommand('usr/bin/docker-registry'), 'serve', file], {});
}

/** Pebble's own key pair, self-signed for the hub's address. Returns the certificate, PEM. */
export async function makePebblePair(folder: string): Promise<string> {
  const env = { ...process.env, OPENSSL_CONF: join(partFolder(tools), 'root/etc/ssl/openssl.cnf') };
  const key = join(folder, 'pebble/key.pem');
  const certificate = join(folder, 'pebble/certificate.pem');
  const subject = ['-subj', '/CN=lab pebble', '-addext', `subjectAltName=IP:${lab.hub.ipv4}`];
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
  await run([...toolCommand('usr/bin/openssl'), ...kind, '-keyout', key, '-out', certificate, ...subject], {
    part: 'pebble',
    env,
  });
  return readFileSync(certificate, 'utf8');
}

/** The ACME server; it validates over ports 80 and 443 and asks the lab's DNS. */
export async function startPebble(folder: string, start: Start): Promise<Running> {
  const pebble = {
    listenAddress: `${lab.hub.ipv4}:14000`,
    managementListenAddress: `${lab.hub.ipv4}:15000`,
    certificate: join(folder, 'pebble/certificate.pem'),
    privateKey: join(folder, 'pebble/key.pem'),
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: '',
    externalAccountBindingRequired: false,
  };
  const file = join(folder, 'pebble/pebble.json');
  writeFileSync(file, JSON.stringify({ pebble }));
  const command = [...toolCommand('usr/bin/pebble'), '-config', file, '-dnsserver', `${lab.hub.ipv4}:${lab.dnsPort}`];
  return start('pebble', command, { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' });
}

/** The Cloudflare double and the DNS server that serves its records. */
export async function startNames(start: Start): Promise<CloudflareAccess> {
  const env = {
    ZONES: lab.zones.join(),
    HOST: lab.hub.ipv4,
    API_PORT: String(lab.cloudflarePort),
    DNS_PORT: String(lab.dnsPort),
  };
  const names = await start('names', [process.execPath, fileURLToPath(new URL('dns/main.ts', import.meta.url))], env);
  const line = await poll(() => (names.isRunning() ? /^\{.*\}$/m.exec(names.log())?.[0] : ''));
  if (!line)
    throw new LabError('names', `the Cloudflare double did not start:\n${tail(names.log())}`, `read ${names.logFile}`);
  return JSON.parse(line) as CloudflareAccess;
}

/** Waits until a service's log shows that it listens. */
export async function waitForLog(service: Running, sign: RegExp, name: string): Promise<void> {
  const seen = await poll(() => (!service.isRunning() ? false : sign.test(service.log()) || undefined));
  if (!seen) throw new LabError(name, `did not start:\n${tail(service.log())}`, `read ${service.logFile}`);
}
