import { inMs, newId, plainBody, releaseMessage, signRelease, signReleases } from '../evil/orders.ts';
import type { AttackRow } from '../row.ts';
import type { FleetStage } from '../world/fleet-world.ts';

const HOUR_MS = 3_600_000;
const BIGGEST = Number.MAX_SAFE_INTEGER;

async function aboutApp(stage: FleetStage) {
  const { trust, owner, nodeIds } = stage.disks;
  return { trust, by: owner, node: nodeIds.a, appId: newId() };
}

/** A8-5. */
export const fastForward: AttackRow<FleetStage> = {
  id: 5,
  attacks: [
    {
      name: 'the highest number there is, right after the first',
      checks: ['chain-complete', 'chain-order'],
      async run(stage) {
        const about = await aboutApp(stage);
        const [first] = await signReleases(about, 1);
        if (first === undefined) throw new Error('no release was signed');
        const node = await stage.node('a');
        await node.deliver(releaseMessage([first]), first.header);
        const previous = first.header;
        const far = await signRelease({ ...about, number: BIGGEST, previous, body: plainBody('web', 'evil/web:1') });
        return node.deliver(releaseMessage([far]), far.header);
      },
    },
  ],
  honest: [
    {
      name: 'a number further by the whole chain between',
      async run(stage) {
        const all = await signReleases(await aboutApp(stage), 12);
        const node = await stage.node('a');
        await node.deliver(releaseMessage(all.slice(0, 1)), all[0]?.header ?? '');
        return node.deliver(releaseMessage(all), all.at(-1)?.header ?? '');
      },
    },
  ],
};

/** A8-48. */
export const discarded: AttackRow<FleetStage> = {
  id: 48,
  attacks: [
    {
      name: 'a release that a void one of a higher number has replaced',
      checks: ['release-floor'],
      async run(stage) {
        const about = await aboutApp(stage);
        const [signed] = await signReleases(about, 1);
        if (signed === undefined) throw new Error('no release was signed');
        const body = plainBody('web', 'lab/web:1', { state: 'removed' });
        const empty = await signRelease({ ...about, number: 2, previous: signed.header, body });
        const node = await stage.node('a');
        await node.deliver(releaseMessage([signed, empty]), empty.header);
        return node.deliver(releaseMessage([signed]), signed.header);
      },
    },
    {
      name: 'a release that was kept back beyond its acceptBy',
      checks: ['accept-by'],
      async run(stage) {
        const about = await aboutApp(stage);
        const header = { issuedAt: inMs(-26 * HOUR_MS), acceptBy: inMs(-2 * HOUR_MS) };
        const late = await signRelease({ ...about, number: 1, previous: null, body: plainBody('web'), header });
        return (await stage.node('a')).deliver(releaseMessage([late]), late.header);
      },
    },
  ],
  honest: [
    {
      name: 'a release that waited for its node, inside its acceptBy',
      async run(stage) {
        const about = await aboutApp(stage);
        const header = { issuedAt: inMs(-22 * HOUR_MS), acceptBy: inMs(2 * HOUR_MS) };
        const body = plainBody('web');
        const release = await signRelease({ ...about, number: 1, previous: null, body, header });
        return (await stage.node('a')).deliver(releaseMessage([release]), release.header);
      },
    },
  ],
};
