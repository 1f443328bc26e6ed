import type { NodeToCore } from '#shared/contracts/link/messages.ts';
import { type KeyPair, otherCertificate, stolenNodeKey, strangeKey } from '../evil/certificates.ts';
import { knock } from '../evil/knock.ts';
import type { Attack, AttackRow, Verdict } from '../row.ts';
import { type FleetStage, LINK_PORT } from '../world/fleet-world.ts';

const DAY_MS = 24 * 3_600_000;
const fromNow = (days: number) => new Date(Date.now() + days * DAY_MS);

async function knockAtCore(stage: FleetStage, pair: KeyPair | undefined, clock?: string): Promise<Verdict> {
  await stage.core(clock === undefined ? {} : { clock });
  const { opened, saw, tookMs } = await knock({ host: stage.disks.host, port: LINK_PORT }, pair);
  return opened ? { took: true, saw } : { took: false, saw, refusalMs: [tookMs] };
}

const knocking = (
  name: string,
  checks: Attack<FleetStage>['checks'],
  pairOf: (stage: FleetStage) => Promise<KeyPair | undefined>,
): Attack<FleetStage> => ({ name, checks, run: async (stage) => knockAtCore(stage, await pairOf(stage)) });

const nodeKey = (stage: FleetStage) => stolenNodeKey(stage.disks.nodes.a);
const nodeName = (stage: FleetStage) => `node-${stage.disks.nodeIds.a}`;

/** A8-14; dates and issuers are no authority here (design.md §4): the key in the log is. */
export const wrongKeys: AttackRow<FleetStage> = {
  id: 14,
  attacks: [
    knocking('no client certificate', ['link-certificate', 'link-known-key'], async () => undefined),
    knocking('a key of nobody', ['link-known-key'], () => strangeKey('nobody')),
    knocking('a key of nobody under the name of a node', ['link-known-key'], (stage) => strangeKey(nodeName(stage))),
    {
      name: 'a core with another key at the address of the core',
      checks: ['dial-expected-key'],
      async run(stage) {
        const evil = await stage.evilCore(await strangeKey('overseer core'));
        const { a } = stage.disks.nodeIds;
        const from = performance.now();
        stage.startBareNode('a');
        const isHello = (message: NodeToCore) => (message.type === 'hello' ? true : undefined);
        const hello = await evil.hear(a, isHello, { timeoutMs: 8_000 });
        if (hello) return { took: true, saw: 'the node greeted it' };
        return { took: false, saw: 'the node said nothing to it', refusalMs: [performance.now() - from] };
      },
    },
  ],
  honest: [
    {
      name: 'the key of a node under a certificate of another name and authority',
      run: (stage) => {
        const { key } = nodeKey(stage);
        return knockAtCore(stage, {
          key,
          cert: otherCertificate(key, { name: 'renamed', from: fromNow(-1), to: fromNow(1) }),
        });
      },
    },
  ],
};

/** A8-15. */
export const endedCertificate: AttackRow<FleetStage> = {
  id: 15,
  attacks: [
    knocking('another key under a fresh certificate of the name', ['link-known-key'], async (stage) => {
      const { key } = await strangeKey('x');
      return { key, cert: otherCertificate(key, { name: nodeName(stage), from: fromNow(-1), to: fromNow(365) }) };
    }),
  ],
  honest: [
    ...[
      { name: 'the key of a node under a certificate that ended a month ago', from: -400, to: -30 },
      { name: 'the key of a node under a certificate that begins next year', from: 365, to: 700 },
    ].map(({ name, from, to }) => ({
      name,
      run: (stage: FleetStage) => {
        const { key } = nodeKey(stage);
        const dates = { name: nodeName(stage), from: fromNow(from), to: fromNow(to) };
        return knockAtCore(stage, { key, cert: otherCertificate(key, dates) });
      },
    })),
    {
      name: 'a node whose clock is 30 days ahead connects again, without a token',
      async run(stage) {
        await stage.node('a', { clock: '+30d' });
        return { took: true, saw: 'the node greeted the core' };
      },
    },
    {
      name: 'a core whose clock is 30 days ahead lets it in',
      run: (stage) => knockAtCore(stage, nodeKey(stage), '+30d'),
    },
  ],
};
