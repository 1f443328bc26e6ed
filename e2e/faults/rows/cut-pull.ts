import { startAsking } from '../asking.ts';
import type { LabPlace } from '../lab-place.ts';
import type { Row } from '../row.ts';

/** Loopback is a registry without TLS to every engine; this one hands the lab's registry on and then breaks off. */
const PORT = 5_001;
const GATE = `
  const net = require('node:net');
  const cutAfter = Number(process.argv[1]);
  net.createServer((client) => {
    const registry = net.connect(5000, '10.77.0.10');
    let passed = 0;
    client.pipe(registry);
    registry.on('data', (part) => {
      passed += part.length;
      if (passed <= cutAfter) return client.write(part);
      console.log('broke off');
      client.destroy();
      registry.destroy();
    });
    registry.on('end', () => client.end());
    for (const one of [client, registry]) one.on('error', () => { client.destroy(); registry.destroy(); });
  }).listen(${PORT}, '127.0.0.1', () => console.log('hands on'));`;

/** The old containers are stopped before it is known whether there is something to start in their place. */
const STOPS_FIRST = {
  file: 'agent/node/apply/prepare-app.ts',
  from: "  const images = await steps.run('pull', 'getting images', async () => {\n",
  to: `  const images = await steps.run('pull', 'getting images', async () => {
    await (await import('./stop.ts')).stopContainers(context, request.appId);
`,
};

/** B4-16: the registry breaks off half way, or is not there; the old version serves on, and a later try succeeds. */
export const cutPull: Row = {
  id: '16',
  title: 'a pull that breaks off half way, and a registry that is down',
  async run(grounds) {
    const place = await grounds.lab();
    const problems: string[] = [];
    const [before] = await place.containers();
    const stop = await startAsking(place);
    let acknowledged = 0;
    // Enough for the manifests, not for the layers.
    const gate = await place.world.spawn('n1', ['node', '-e', GATE, '20000'], { name: 'gate' });
    acknowledged += await mustFail(place, 'half way', 'library/redis:8', problems);
    if (!/broke off/.test(gate.log())) problems.push('half way: the registry was never broken off');
    gate.kill('SIGKILL');
    await gate.exited;
    acknowledged += await mustFail(place, 'registry down', 'library/postgres:18', problems);
    const [after] = await place.containers();
    if (after?.id !== before?.id || after?.startedAt !== before?.startedAt)
      problems.push('the old container was touched');
    const asked = await stop();
    if (asked.failed > 0) problems.push(`${asked.failed} of ${asked.asked} requests failed`);
    const whole = await place.world.spawn('n1', ['node', '-e', GATE, '1e12'], { name: 'gate' });
    const again = await place.deploy(reference('lab/web:2'), 'pulled');
    const outcome = await place.settled();
    whole.kill('SIGKILL');
    if (again.code !== 0 || outcome !== 'done') problems.push(`with the registry back: ${outcome}, ${again.said}`);
    const figures = `downtime of the old version ${asked.awayMs} ms, ${asked.failed} of ${asked.asked} requests failed`;
    return { points: 2, acknowledged, lost: 0, figures, problems };
  },
  async control(grounds) {
    const place = await grounds.lab();
    const asked = await place.runningBroken([STOPS_FIRST], async () => {
      const stop = await startAsking(place);
      await mustFail(place, 'stops first', 'library/postgres:18', []);
      return stop();
    });
    return { seen: asked.failed > 0, what: `a node that stops first: away ${asked.awayMs} ms` };
  },
};

const reference = (image: string): string => `127.0.0.1:${PORT}/${image}`;

/** The engine itself tries a broken pull again, with longer and longer pauses. */
const PULL_TRIES_MS = 240_000;

/** The release is taken and its pull fails: told as a failure, never as a success. */
async function mustFail(place: LabPlace, name: string, image: string, problems: string[]): Promise<number> {
  const told = await place.deploy(reference(image), `cut-${name.replace(' ', '-')}`);
  if (told.code !== 0) problems.push(`${name}: the deploy was not taken: ${told.said}`);
  const outcome = await place.settled(PULL_TRIES_MS);
  if (outcome !== 'failed') problems.push(`${name}: the job ended as ${outcome}`);
  return told.code === 0 ? 1 : 0;
}
