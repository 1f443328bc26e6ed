import { brokenVersion } from './broken-version.ts';
import { type DemoPlace, engineObjects, type Page } from './demo-place.ts';
import { searchDisks } from './search-disks.ts';
import type { StepRunner } from './step-table.ts';

interface AppJson {
  appId: string;
  compose: string;
}

interface JobJson {
  outcome: string;
  awayMs: number | null;
  number: number;
}

/** Everything the demo promises after the first deploy, each proven from outside the product. */
export async function proveLine(place: DemoPlace, runner: StepRunner): Promise<void> {
  const { owner } = place;
  const app = await owner.ask<AppJson>(['apps', 'show', 'feeds']);
  const { appId } = app;
  const again = ['apps', 'deploy', 'feeds', ...place.deployOptions, '--yes'];
  const canaries: Record<string, string> = {};
  let password = '';

  await runner.step('generated password works', async () => {
    for (const { name } of await owner.ask<{ name: string }[]>(['secrets', 'list', 'feeds'])) {
      canaries[name] = (await owner.ask<{ value: string }>(['secrets', 'reveal', 'feeds', name])).value;
    }
    password = canaries.admin_password ?? '';
    const made = await callApi(place, password, '/v1/users', {
      username: 'reader',
      password: 'reader-password-1',
      is_admin: false,
    });
    if (made.status !== 201) throw new Error(`the API answered ${made.status}: ${made.body}`);
    const settings = await place.docker(['inspect', ...(await containersOf(place, appId))]);
    const shown = Object.entries(canaries).filter(([, value]) => settings.includes(value));
    if (shown.length > 0) throw new Error(`the engine shows ${shown.map(([name]) => name).join(', ')}`);
    return 'its API made user "reader"; no container’s settings show a password';
  });
  await runner.step('log shows the request', async () => {
    const logs = await owner.cli(['apps', 'logs', 'feeds', '--tail', '400']);
    if (logs.code !== 0 || !logs.stdout.includes('/v1/users'))
      throw new Error(`exit ${logs.code}\n${logs.stdout.slice(-2000)}\n${logs.stderr}`);
    return 'POST /v1/users, read through sealed frames';
  });
  await runner.step('a second release', async () => {
    const job = await owner.ask<JobJson>([...again, '--input', 'log_level=info'], 300_000);
    if (job.outcome !== 'succeeded') throw new Error(JSON.stringify(job));
    return `release ${job.number}, away ${job.awayMs ?? 0} ms`;
  });
  await runner.step('a broken release gives way', async () => {
    // A new version that starts, turns healthy, and four seconds later unhealthy.
    const file = await place.memoryFile('broken.yaml', brokenVersion(app.compose));
    const broken = await owner.cli(['apps', 'deploy', 'feeds', '--compose', file, '--yes', '--json'], {
      timeoutMs: 300_000,
    });
    const job = broken.lines.at(-1) as JobJson | undefined;
    if (broken.code !== 1 || job?.outcome !== 'rolled-back')
      throw new Error(`exit ${broken.code}\n${broken.stdout}\n${broken.stderr}`);
    const page = await place.page('/');
    if (page.status !== 200) throw new Error(`after it the page answers ${page.status}`);
    return `release ${job.number} rolled back by the node, away ${job.awayMs ?? 0} ms, the page serves`;
  });
  await runner.step('rollback to release 1', async () => {
    const job = await owner.ask<JobJson>(['apps', 'rollback', 'feeds', '--to', '1', '--yes'], 300_000);
    const inspect = await place.docker(['inspect', ...(await containersOf(place, appId))]);
    if (job.outcome !== 'succeeded' || !inspect.includes('LOG_LEVEL=debug')) throw new Error(JSON.stringify(job));
    return `release ${job.number} runs what release 1 ran`;
  });
  await runner.step('remove keeps the database', async () => {
    await owner.ask(['apps', 'remove', 'feeds', '--yes'], 120_000);
    const left = await engineObjects(place);
    const volumes = left.filter((line) => line.startsWith(`volume ov_${appId}_`));
    if (volumes.length === 0 || left.some((line) => line.startsWith('container') && line.includes(appId)))
      throw new Error(left.join('\n'));
    const records = await place.records();
    if (records.length > 0) throw new Error(`still there: ${records.join('\n')}`);
    await owner.ask(['apps', 'deploy', 'feeds', '--yes'], 300_000);
    const users = await callApi(place, password, '/v1/users');
    if (!users.body.includes('"reader"')) throw new Error(`user "reader" is gone: ${users.status} ${users.body}`);
    return `${volumes.length} volume kept; deployed again, user "reader" is still there`;
  });
  await runner.step('delete data', async () => {
    await owner.ask(['apps', 'remove', 'feeds', '--delete-data', '--confirm', 'feeds', '--yes'], 120_000);
    const left = (await engineObjects(place)).filter((line) => line.includes(appId));
    const open = [...left, ...(await place.records()), ...(await place.appFiles(appId))];
    if (open.length > 0) throw new Error(open.join('\n'));
    return 'no container, volume, network, record or file of the app is left';
  });
  await runner.step('audit', async () => {
    const verdict = await owner.ask<{ verdict: string; sentence: string }>(['audit', 'verify']);
    if (verdict.verdict !== 'verified') throw new Error(JSON.stringify(verdict));
    return verdict.sentence;
  });
  await runner.step('canary passwords on no disk', async () => {
    const { findings, files, bytes } = await searchDisks(place.diskFolders(), canaries);
    if (findings.length > 0) throw new Error(findings.map(({ path, label }) => `${label} in ${path}`).join('\n'));
    return `${Object.keys(canaries).length} passwords sought in ${files} files, ${Math.round(bytes / 1e6)} MB: none found`;
  });
}

async function containersOf(place: DemoPlace, appId: string): Promise<string[]> {
  const label = `label=com.docker.compose.project=ov-${appId}`;
  return (await place.docker(['ps', '-aq', '--filter', label])).split('\n').filter((id) => id !== '');
}

/** Miniflux's own API as its admin. */
async function callApi(place: DemoPlace, password: string, path: string, body?: object): Promise<Page> {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  return place.page(path, {
    headers: { authorization, 'content-type': 'application/json' },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  });
}
