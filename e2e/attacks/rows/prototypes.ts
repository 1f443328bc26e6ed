import { request } from 'node:https';
import { inMs, itemHash, newId, plainBody, releaseMessage, sha256Hex, signRaw } from '../evil/orders.ts';
import type { Attack, AttackRow, Verdict } from '../row.ts';
import { type FleetStage, HTTP_PORT } from '../world/fleet-world.ts';

/** A release that its owner signed, with `extra` written into its header as it stands. */
async function releaseWith(stage: FleetStage, extra: string) {
  const { trust, owner, nodeIds } = stage.disks;
  const body = plainBody('web');
  const header = {
    fleet: trust.fleet,
    signer: owner.deviceId,
    requires: [],
    trustHead: trust.head,
    auditHead: null,
    appId: newId(),
    node: nodeIds.a,
    number: 1,
    previous: null,
    body: sha256Hex(body),
    changeSet: newId(),
    issuedAt: inMs(-1_000),
    acceptBy: inMs(3_600_000),
    after: [],
  };
  const envelope = await signRaw('release', JSON.stringify(header).replace(/\}$/, `,${extra}}`), owner);
  return { envelope, hash: itemHash(envelope), appId: header.appId, body };
}

const CHALLENGES = '/api/v1/sessions/challenges';

const RESERVED = [
  '"__proto__":{"polluted":true}',
  '"constructor":{"prototype":{"polluted":true}}',
  '"a":[{"b":{"__proto__":{"polluted":1}}}]',
];

/** Asks the real core for a challenge, with this body: taken when the reader of JSON let it through, whatever became of it. */
async function askWith(stage: FleetStage, body: string): Promise<Verdict> {
  await stage.core();
  const from = performance.now();
  const about = {
    host: stage.disks.host,
    port: HTTP_PORT,
    path: CHALLENGES,
    method: 'POST',
    rejectUnauthorized: false,
  };
  const headers = { 'content-type': 'application/json' };
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const asked = request({ ...about, headers }, (answer) => {
      let text = '';
      answer.on('data', (part) => {
        text += String(part);
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
  const saw = `${status} ${text.slice(0, 200)}`;
  if (!text.includes('request.malformed-json')) return { took: true, saw };
  return { took: false, saw, refusalMs: [performance.now() - from] };
}

/** A8-25. */
export const pollution: AttackRow<FleetStage> = {
  id: 25,
  attacks: RESERVED.flatMap((extra): Attack<FleetStage>[] => [
    {
      name: `a signed header with ${extra}`,
      checks: ['reserved-keys'],
      async run(stage) {
        const { envelope, hash, appId, body } = await releaseWith(stage, extra);
        return (await stage.node('a')).deliver(releaseMessage([{ envelope, appId, body }]), hash);
      },
    },
    {
      name: `a request to the core with ${extra}`,
      checks: ['reserved-keys'],
      run: (stage) => askWith(stage, `{${extra}}`),
    },
  ]),
  honest: [
    {
      name: 'a signed header with a further field of another name',
      async run(stage) {
        const { envelope, hash, appId, body } = await releaseWith(stage, '"proto":{"polluted":true}');
        return (await stage.node('a')).deliver(releaseMessage([{ envelope, appId, body }]), hash);
      },
    },
    {
      name: 'a request to the core without such a key',
      async run(stage) {
        const { saw } = await askWith(stage, '{}');
        return { took: saw.startsWith('200 '), saw };
      },
    },
  ],
};
