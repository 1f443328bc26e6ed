import { lab } from '#world/world.ts';
import { newId } from '../evil/orders.ts';
import type { AttackRow, Verdict } from '../row.ts';
import type { EngineStage, Inspected } from '../world/engine-world.ts';
import { bodyOf } from './engine-verdicts.ts';

const VICTIM = 'victim.lab.example';
const EVIL = 'evil.lab.example';

const route = (hostname: string) => ({
  routes: [{ routeId: newId(), hostname, service: 'web', port: 8080, tls: 'off' }],
});

/** What a victim was asked, sent back: the request as it came to the app. */
const echo = `services:
  web:
    image: busybox:1.36
    init: true
    command:
      - sh
      - -c
      - |
        printf '#!/bin/sh\\nprintf "HTTP/1.0 200 OK\\\\r\\\\n\\\\r\\\\n"\\nwhile read -r line; do echo "$$line"; [ "$\${#line}" -lt 2 ] && break; done\\n' > /tmp/answer
        chmod +x /tmp/answer
        while true; do nc -l -p 8080 -e /tmp/answer; done
    stop_grace_period: 1s
`;

async function startVictim(stage: EngineStage): Promise<{ addresses: string[]; networks: string[] }> {
  const body = { ...bodyOf({ compose: echo, body: { images: { web: { ref: 'busybox:1.36', digest: null } } } }) };
  const ended = await stage.order({ ...body, ...route(VICTIM) });
  if (ended.code !== null) throw new Error(`the victim does not run: ${ended.code}`);
  const made = (await stage.inspect(ended.appId)) as readonly (Inspected & {
    NetworkSettings: { Networks: Record<string, { IPAddress: string }> };
  })[];
  const found = made.flatMap(({ NetworkSettings }) => Object.entries(NetworkSettings.Networks));
  return { addresses: found.map(([, { IPAddress }]) => IPAddress), networks: found.map(([name]) => name) };
}

/** Another app on the same ingress asks the victim past it, with the header of a login that was never made. */
async function askPast(stage: EngineStage, isJoined: boolean): Promise<Verdict> {
  const { addresses, networks } = await startVictim(stage);
  const ended = await stage.order({ ...bodyOf({ compose: sleeper, body: sleeperBody }), ...route(EVIL) });
  const [evil] = await stage.inspect(ended.appId);
  if (evil === undefined) return { took: false, saw: `evil does not run: ${ended.code}`, refusalMs: [ended.tookMs] };
  if (isJoined) for (const network of networks) await stage.docker('network', 'connect', network, evil.Name.slice(1));
  const saw: string[] = [`evil: ${ended.outcome} ${ended.code ?? ''}`];
  for (const address of addresses) {
    const ask = `printf 'GET / HTTP/1.0\\r\\nRemote-User: admin\\r\\n\\r\\n' | timeout 3 nc -w 2 ${address} 8080`;
    const asked = await stage.world.docker(['exec', evil.Name.slice(1), 'sh', '-c', ask]);
    saw.push(`${address}: ${asked.stdout.slice(0, 80)}`);
    if (asked.stdout.includes('Remote-User: admin')) return { took: true, saw: saw.join('; ') };
  }
  return { took: false, saw: saw.join('; ') };
}

const sleeper = 'services:\n  web:\n    image: busybox:1.36\n    init: true\n    command: [sleep, "600"]\n';
const sleeperBody = { images: { web: { ref: 'busybox:1.36', digest: null } } };

async function askThrough(stage: EngineStage, headers: Record<string, string>): Promise<string> {
  const answer = await stage.world.httpGet(`http://${lab.node(1).ipv4}/`, { headers: { host: VICTIM, ...headers } });
  return answer.ok ? answer.body : answer.error;
}

/** A8-46. */
export const betweenApps: AttackRow<EngineStage> = {
  id: 46,
  attacks: [
    // Networks of their own are what keeps them apart: no build that runs is without them.
    { name: 'an app asks another past the ingress', checks: [], run: (stage) => askPast(stage, false) },
    {
      name: 'a visitor says from where he was forwarded',
      // Traefik takes such headers from nobody unless it is told to: there is no check of ours to be without.
      checks: [],
      async run(stage) {
        await startVictim(stage);
        const said = await askThrough(stage, {
          'x-forwarded-for': '10.0.0.66',
          'x-forwarded-host': 'admin.lab.example',
        });
        return { took: /10\.0\.0\.66|admin\.lab\.example/.test(said), saw: said.slice(0, 300) };
      },
    },
  ],
  honest: [
    {
      name: 'a visitor reaches the app through the ingress, which says from where he comes',
      async run(stage) {
        await startVictim(stage);
        const said = await askThrough(stage, {});
        return { took: new RegExp(`X-Forwarded-For: ${lab.hub.ipv4}`, 'i').test(said), saw: said.slice(0, 300) };
      },
    },
  ],
  controls: [
    { name: 'put on the networks of the other by hand, it is answered', run: (stage) => askPast(stage, true) },
  ],
};
