import { join } from 'node:path';
import { partFolder } from '#world/cache/part.ts';
import { toolCommand, tools } from '#world/cache/parts/tools.ts';
import { eventually } from '../../journeys/fleet.ts';
import { type BareFleet, deployArguments } from '../bare-fleet.ts';
import type { Row } from '../row.ts';
import { shifted, unwrapped } from '../wrapped.ts';

/** Before any certificate was made, and after one of usual life would be over. */
const CLOCKS = ['@1970-01-02 00:00:00', '+5475d'] as const;
const ROLES = ['core', 'node', 'device'] as const;

/** B4-14: while the link was cut the certificates ran out, or a machine without a battery woke up in 1970. */
export const oldCertificates: Row = {
  id: '14',
  title: 'certificates out of date by the clock of core, node or CLI after a cut',
  async run(grounds) {
    const fleet = await grounds.bare();
    const problems: string[] = [];
    const times: number[] = [];
    for (const role of ROLES) {
      for (const clock of CLOCKS) {
        const one = await meetAt(fleet, role, clock);
        times.push(one.tookMs);
        problems.push(...one.problems.map((problem) => `${role} at ${clock}: ${problem}`));
        grounds.note(`${role} at ${clock}: together again after ${Math.round(one.tookMs)} ms`);
      }
    }
    const slowest = (Math.max(...times) / 1_000).toFixed(1);
    const figures = `manual steps 0, together again after at most ${slowest} s`;
    return { points: times.length, acknowledged: times.length, lost: 0, figures, problems };
  },
  async control(grounds) {
    const fleet = await grounds.bare();
    return { seen: await usualClientRefuses(fleet), what: 'a usual TLS client refuses a 30-day certificate then' };
  },
};

/** The link is cut by the core's absence; when it is back one of the clocks is far off. */
async function meetAt(fleet: BareFleet, role: (typeof ROLES)[number], clock: string) {
  fleet.restore('ready');
  const problems: string[] = [];
  const wrapOf = (one: string) => (one === role ? shifted(clock) : unwrapped);
  const node = await fleet.startNodeIn(wrapOf('node'));
  const from = performance.now();
  await fleet.startCoreIn(wrapOf('core'));
  await eventually('the node has met the core', async () => (/Connected/.test(node.log()) ? true : undefined)).catch(
    () => problems.push(`the node does not come back: ${node.log().slice(-400)}`),
  );
  const tookMs = performance.now() - from;
  // The device meets the core's key, not its dates. Whether an order of that clock counts is asked by row 13.
  const seen = await fleet.ownerIn(wrapOf('device'), await deployArguments(fleet, '2'));
  if (/certificate|CERT_|TLS/i.test(`${seen.stdout}${seen.stderr}`))
    problems.push(`the CLI stumbles over a certificate: ${seen.stdout}${seen.stderr}`);
  await fleet.rest();
  return { problems, tookMs };
}

/** A certificate of thirty days, trusted by name, under the same clock: Node's own client must refuse it. */
async function usualClientRefuses(fleet: BareFleet): Promise<boolean> {
  const { bubble } = fleet;
  const [key, cert] = [join(bubble.folder, 'usual.key'), join(bubble.folder, 'usual.crt')];
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
  const about = ['-keyout', key, '-out', cert, '-subj', '/CN=usual', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const env = { OPENSSL_CONF: join(partFolder(tools), 'root/etc/ssl/openssl.cnf') };
  await bubble.exec([...toolCommand('usr/bin/openssl'), ...kind, ...about], { env });
  const script = `
    const { readFileSync } = require('node:fs');
    const [cert, key] = [readFileSync(process.argv[1]), readFileSync(process.argv[2])];
    const server = require('node:tls').createServer({ cert, key }).listen(0, '127.0.0.1', () => {
      const client = require('node:tls').connect({ port: server.address().port, host: '127.0.0.1', ca: cert });
      client.on('secureConnect', () => { console.log('met'); process.exit(); });
      client.on('error', ({ code }) => { console.log(code); process.exit(); });
    });`;
  const node = [process.execPath, '--no-warnings', '-e', script, cert, key];
  const now = await bubble.exec(node);
  const later = await bubble.exec(node, { wrap: shifted('+5475d') });
  return now.stdout.trim() === 'met' && later.stdout.trim() === 'CERT_HAS_EXPIRED';
}
