import { lab } from '#world/world.ts';
import { newId } from '../evil/orders.ts';
import type { AttackRow, Verdict } from '../row.ts';
import type { EngineStage } from '../world/engine-world.ts';
import { bodyOf } from './engine-verdicts.ts';

/** A name that nobody signed a route for. */
const OTHER = 'other.lab.example';
const names: readonly string[] = [
  `a.lab.example\`) || Host(\`${OTHER}`,
  `${OTHER}\`) || Path(\`/x`,
  `a.lab.example\`, \`${OTHER}`,
];
const templates: readonly string[] = ['{{ env "PATH" }}.lab.example', 'a"\n  evil: "b.lab.example', 'A.LAB.EXAMPLE '];

const routed = (hostname: string): object => ({
  ...bodyOf({}),
  routes: [{ routeId: newId(), hostname, service: 'web', port: 8080, tls: 'off' }],
});

/** Whether the ingress hands a name to an app. */
async function serves(stage: EngineStage, hostname: string): Promise<boolean> {
  const { ipv4 } = lab.node(1);
  const answer = await stage.world.httpGet(`http://${ipv4}/`, { headers: { host: hostname } });
  return answer.ok && answer.status === 200 && answer.body.startsWith('lab/web');
}

async function tryNames(stage: EngineStage, hostnames: readonly string[]): Promise<Verdict> {
  const refusalMs: number[] = [];
  const saw: string[] = [];
  for (const hostname of hostnames) {
    const ended = await stage.order(routed(hostname));
    saw.push(`${JSON.stringify(hostname)}: ${ended.outcome} ${ended.code ?? ''}`);
    if (await serves(stage, OTHER)) return { took: true, saw: saw.join('; ') };
    if (ended.code === null) return { took: true, saw: `${saw.join('; ')} was taken` };
    refusalMs.push(ended.tookMs);
  }
  return { took: false, saw: saw.join('; '), refusalMs };
}

/** A8-23. */
export const routeNames: AttackRow<EngineStage> = {
  id: 23,
  attacks: [
    {
      name: 'a hostname that goes on as a rule',
      checks: ['route-gate', 'route-file'],
      run: (stage) => tryNames(stage, names),
    },
    {
      name: 'a hostname that is a template, a line of YAML, or spelled in another way',
      // The file is JSON and its values have an alphabet: with one check off the other refuses, with both off Traefik does.
      checks: [],
      run: (stage) => tryNames(stage, templates),
    },
  ],
  honest: [
    {
      name: 'a plain hostname is served, and no other',
      async run(stage) {
        const ended = await stage.order(routed('plain.lab.example'));
        const own = await serves(stage, 'plain.lab.example');
        const other = await serves(stage, OTHER);
        return { took: own && !other, saw: `${ended.outcome} ${ended.code ?? ''}; own ${own}, other ${other}` };
      },
    },
  ],
};
