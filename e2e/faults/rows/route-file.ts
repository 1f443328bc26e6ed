import { startAsking } from '../asking.ts';
import type { LabPlace } from '../lab-place.ts';
import type { Row } from '../row.ts';

const REWRITES = 1_000;
const ROUTES = '/var/lib/overseer/node/ingress/routes';

/** B4-18: the route file is replaced a thousand times as the agent does it, a half one lies beside it, a bad one too. */
export const routeFile: Row = {
  id: '18',
  title: `the ingress through ${REWRITES} rewrites, a half file and a bad rule`,
  async run(grounds) {
    const place = await grounds.lab();
    const problems: string[] = [];
    const file = `${ROUTES}/ov-${place.appId}.yml`;
    const stop = await startAsking(place);
    // Another comment each time, so that it is another configuration to whoever watches.
    const rewrite = `
      const { readFileSync, writeFileSync, renameSync } = require('node:fs');
      const [file, times] = [process.argv[1], Number(process.argv[2])];
      const text = readFileSync(file, 'utf8');
      (async () => {
        for (let turn = 0; turn < times; turn++) {
          writeFileSync(file + '.1.tmp', text + '\\n'.repeat(1 + (turn % 2)), { mode: 0o644, flush: true });
          renameSync(file + '.1.tmp', file);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        writeFileSync(file, text);
      })();`;
    await inNode(place, ['node', '-e', rewrite, file, String(REWRITES)]);
    const rewritten = await stop();
    if (rewritten.failed > 0) problems.push(`${rewritten.failed} of ${rewritten.asked} requests failed in rewrites`);

    const half = await besides(place, `head -c 60 "$1" > "$1.9.tmp"`, `rm "$1.9.tmp"`, file);
    if (half.failed > 0) problems.push(`${half.failed} requests failed beside half a file`);
    const bad = await besides(
      place,
      `printf '{"http": {"routers": {"bad": {"rule": "Nonsense(\`x\`)"' > "${ROUTES}/zz-bad.yml"`,
      `rm "${ROUTES}/zz-bad.yml"`,
      file,
    );
    if (bad.failed > 0) problems.push(`${bad.failed} requests failed beside a bad file`);
    const asked = rewritten.asked + half.asked + bad.asked;
    const failed = rewritten.failed + half.failed + bad.failed;
    const figures = `${failed} of ${asked} requests failed`;
    return { points: REWRITES + 2, acknowledged: 0, lost: 0, figures, problems };
  },
  async control(grounds) {
    const place = await grounds.lab();
    const file = `${ROUTES}/ov-${place.appId}.yml`;
    const seen = await besides(place, 'cp "$1" /tmp/route; echo "{}" > "$1"', 'cp /tmp/route "$1"', file);
    return { seen: seen.failed > 0, what: 'a route that was taken out of its file' };
  },
};

/** Asks for a while between one line of shell and the other. */
async function besides(place: LabPlace, first: string, last: string, file: string) {
  const stop = await startAsking(place);
  await inNode(place, ['sh', '-c', first, 'sh', file]);
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await inNode(place, ['sh', '-c', last, 'sh', file]);
  const asked = await stop();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  return asked;
}

async function inNode(place: LabPlace, argv: readonly string[]): Promise<void> {
  const done = await place.world.exec('n1', argv);
  if (done.code !== 0) throw new Error(`${argv.join(' ')}: ${done.stderr}`);
}
