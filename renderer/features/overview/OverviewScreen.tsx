import { Grid } from '@mantine/core';
import { useRowsSelect } from '#renderer/bridge/index.ts';
import { PageHeader } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { AppTiles } from './AppTiles.tsx';
import { AttentionList } from './AttentionList.tsx';
import { countApps } from './app-counts.ts';
import { FirstSteps } from './FirstSteps.tsx';
import { PendingChanges } from './PendingChanges.tsx';
import { RecentJobs } from './RecentJobs.tsx';
import { ServerList } from './ServerList.tsx';

/** The fleet at a glance: what needs a person first, then what runs, where, and what happened. */
export function OverviewScreen() {
  const servers = useRowsSelect('nodes', {}, (rows) => [
    rows.filter(({ status }) => status === 'online').length,
    rows.length,
  ]);
  const apps = useRowsSelect('apps', {}, (rows) => {
    const { total, counts } = countApps(rows);
    return [counts.running, total];
  });
  return (
    <>
      <PageHeader title={words.overview.title} text={summary(servers, apps)} />
      <FirstSteps />
      <AttentionList />
      <AppTiles />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <ServerList />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <PendingChanges />
          <RecentJobs />
        </Grid.Col>
      </Grid>
    </>
  );
}

function summary([online = 0, servers = 0]: number[], [running = 0, apps = 0]: number[]): string | undefined {
  if (servers === 0) return undefined;
  const { summaryServers, summaryApps } = words.overview;
  return apps === 0
    ? summaryServers(online, servers)
    : `${summaryServers(online, servers)}, ${summaryApps(running, apps)}`;
}
