import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logShows } from '../../journeys/fleet.ts';
import { newId, releaseMessage, signReleases } from '../evil/orders.ts';
import type { AttackRow, Verdict } from '../row.ts';
import { type FleetStage, HTTP_PORT, type StagedOwner } from '../world/fleet-world.ts';
import { rewriteAudit } from './audit-logs.ts';

/** A second command line, let in by the first one over the real core, with codes compared. */
async function joinSecond(stage: FleetStage, owner: StagedOwner): Promise<StagedOwner> {
  const { host, trust, passphrase } = stage.disks;
  const folder = join(stage.folder, 'second');
  mkdirSync(join(folder, 'home'), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'passphrase'), `${passphrase}\n`, { mode: 0o600 });
  const second = stage.ownerOf(join(folder, 'home'));
  const core = [`https://${host}:${HTTP_PORT}`, '--fingerprint', trust.cores[0]?.tlsSpki ?? ''];
  const joining = second.spawn(['device', 'join', ...core, '--name', 'second', '--json'], 'join');
  await logShows(joining, /"type":"asked"/);
  // A person types the code that the other screen shows: here a pipe waits for it.
  const pipe = join(folder, 'code');
  if (spawnSync('mkfifo', [pipe]).status !== 0) throw new Error('no pipe could be made');
  const approving = owner.spawn(['device', 'approve', 'second', '--code-file', pipe, '--json'], 'approve');
  await logShows(joining, /"code":"[0-9A-Z-]+"/);
  writeFileSync(pipe, `${/"code":"([0-9A-Z-]+)"/.exec(joining.log())?.[1] ?? ''}\n`);
  const [approved, joined] = [await approving.exited, await joining.exited];
  if (approved.code !== 0 || joined.code !== 0) throw new Error(`${approving.log()}\n${joining.log()}`);
  return second;
}

/** What a device makes of the audit log that it is shown. */
async function verify(device: StagedOwner): Promise<Verdict> {
  const from = performance.now();
  const answer = await device.cli(['audit', 'verify', '--json']);
  const verdict = answer.lines.at(-1) as { verdict?: string; sentence?: string } | undefined;
  const saw = `exit ${answer.code}: ${verdict?.sentence ?? answer.stderr}`;
  if (answer.code === 0) return { took: true, saw };
  if (verdict?.verdict !== 'broken') throw new Error(`it failed, but not by a finding: ${saw}`);
  return { took: false, saw, refusalMs: [performance.now() - from] };
}

/** One core, two devices, and from some moment on a history for each of them; then the second one is shown the first's. */
async function splitView(stage: FleetStage, isSplit: boolean): Promise<Verdict> {
  const owner = stage.owner();
  const core = await stage.core();
  const second = await joinSecond(stage, owner);
  await stage.endCore();
  const [shared, first] = [join(stage.folder, 'shared'), join(stage.folder, 'first')];
  cpSync(core.folder, shared, { recursive: true });
  await stage.core();
  await owner.ask(['nodes', 'list']);
  await verify(owner);
  await stage.endCore();
  if (isSplit) {
    cpSync(core.folder, first, { recursive: true });
    rmSync(core.folder, { recursive: true });
    cpSync(shared, core.folder, { recursive: true });
  }
  await stage.core();
  await second.ask(['nodes', 'list']);
  await verify(second);
  await stage.endCore();
  if (isSplit) {
    rmSync(core.folder, { recursive: true });
    cpSync(first, core.folder, { recursive: true });
  }
  await stage.core();
  return verify(second);
}

/** Edits that go to the core at once: each carries the newest entry of the record that its author was shown. */
async function edit(owner: StagedOwner): Promise<void> {
  const file = owner.file('seen.yaml', 'services:\n  web:\n    image: lab/web:1\n');
  for (const app of ['first', 'then']) await owner.ask(['apps', 'plan', app, '--compose', file, '--node', 'a']);
}

/** A second device takes in what the first has signed, while the core shows it a record without what the first saw. */
async function splitBesideEdits(stage: FleetStage, isSplit: boolean): Promise<Verdict> {
  const owner = stage.owner();
  const core = await stage.core();
  const second = await joinSecond(stage, owner);
  await second.ask(['apps', 'list']);
  await stage.endCore();
  let shared = 0;
  rewriteAudit(core.folder, (entries) => {
    shared = entries.at(-1)?.seq ?? 0;
    return entries;
  });
  await stage.core();
  await edit(owner);
  await stage.endCore();
  if (isSplit) rewriteAudit(core.folder, (entries) => entries.filter(({ seq }) => seq <= shared));
  await stage.core();
  const from = performance.now();
  const apps = JSON.stringify(await second.ask(['apps', 'list']));
  if (!apps.includes('then')) throw new Error(`the edits of the first device did not come: ${apps}`);
  const tookMs = performance.now() - from;
  const answer = await second.cli(['audit', 'verify', '--json']);
  const verdict = answer.lines.at(-1) as { sentence?: string; alarms?: { fault: { code: string } }[] } | undefined;
  const alarms = (verdict?.alarms ?? []).map(({ fault }) => fault.code);
  const saw = `exit ${answer.code}: ${verdict?.sentence ?? answer.stderr}; alarms ${alarms.join(', ') || 'none'}`;
  if (answer.code === 0) return { took: true, saw };
  if (!alarms.includes('audit.other-record')) throw new Error(`it failed, but without the alarm: ${saw}`);
  return { took: false, saw, refusalMs: [tookMs] };
}

/** A8-17. */
export const twoHistories: AttackRow<FleetStage> = {
  id: 17,
  attacks: [
    {
      name: 'two histories for two devices',
      checks: ['audit-witness'],
      run: (stage) => splitView(stage, true),
    },
    {
      name: 'a second history for a device that takes in what another signed: an alarm within one exchange',
      checks: ['heads-compared'],
      run: (stage) => splitBesideEdits(stage, true),
    },
    {
      name: 'a header is left out of the chain',
      checks: ['chain-complete', 'chain-order', 'chain-previous'],
      async run(stage) {
        const { trust, owner } = stage.disks;
        const node = await stage.node('a');
        const [first, , third] = await signReleases({ trust, by: owner, node: node.id, appId: newId() }, 3);
        if (first === undefined || third === undefined) throw new Error('no release was signed');
        await node.deliver(releaseMessage([first]), first.header);
        return node.deliver(releaseMessage([third]), third.header);
      },
    },
  ],
  honest: [
    { name: 'one history for two devices', run: (stage) => splitView(stage, false) },
    {
      name: 'one history for a device that takes in what another signed',
      run: (stage) => splitBesideEdits(stage, false),
    },
  ],
};
