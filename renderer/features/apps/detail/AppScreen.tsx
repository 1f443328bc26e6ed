import { Anchor, Button, Group, Menu, Tabs } from '@mantine/core';
import { IconDots, IconExternalLink, IconFileText } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useLocation, useParams } from 'wouter';
import { useDocument, useRow, useValue } from '#renderer/bridge/index.ts';
import { AppStatusBadge } from '#renderer/review/index.ts';
import { EmptyState, FaultNotice, PageHeader, PageSkeleton, RelativeTime, RowsSkeleton } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { AppRow } from '#shared/contracts/ipc/index.ts';
import { ClashPanel } from '../clashes/ClashPanel.tsx';
import { ComposeTab } from '../editor/ComposeTab.tsx';
import { EnvironmentTab } from '../environment/EnvironmentTab.tsx';
import { AppMarks } from '../list/AppMarks.tsx';
import { actionIcons } from '../list/AppMenu.tsx';
import { actionsOf } from '../list/app-actions.ts';
import { OrderDrawer } from '../orders/OrderDrawer.tsx';
import { useAct } from '../orders/use-act.ts';
import { OverviewTab } from '../overview/OverviewTab.tsx';
import { ReleasesTab } from '../releases/ReleasesTab.tsx';
import { RoutesTab } from '../routes/RoutesTab.tsx';
import { SecretsTab } from '../secrets/SecretsTab.tsx';
import { SettingsTab } from '../settings/SettingsTab.tsx';
import classes from './AppScreen.module.css';
import type { OpenApp } from './open-app.ts';
import { PendingBanner } from './PendingBanner.tsx';

// The log carries weight of its own: it comes when it is looked at.
const LogsTab = lazy(() => import('../logs/LogsTab.tsx'));

const tabs = ['overview', 'compose', 'environment', 'secrets', 'routes', 'releases', 'logs', 'settings'] as const;
type TabName = (typeof tabs)[number];

/** One app: how it is, everything that can be changed of it, and what changed before. */
export function AppScreen() {
  const params = useParams<{ appId: string; tab?: string }>();
  const appId = params.appId;
  const row = useRow('apps', {}, appId);
  const { value: detail, fault } = useValue('app', { appId });
  const document = useDocument(`app:${appId}`);
  const shown = detail?.row ?? row;
  if (shown === undefined) {
    if (fault === null) return <PageSkeleton />;
    return (
      <>
        <PageHeader title={words.apps.app} back={{ href: '/apps', label: words.apps.title }} />
        <FaultNotice fault={fault} link={{ href: '/apps', label: words.apps.toList }} />
      </>
    );
  }
  const tab = tabs.find((one) => one === params.tab) ?? 'overview';
  return (
    <>
      <AppHeader row={shown} />
      <FaultNotice fault={fault ?? document.fault} />
      {shown.clashes.length > 0 && <ClashPanel appId={appId} clashes={shown.clashes} document={document} />}
      {detail === undefined ? <RowsSkeleton /> : <AppTabs app={{ appId, detail, document }} tab={tab} />}
      <PendingBanner row={shown} document={document} />
      <OrderDrawer />
    </>
  );
}

function AppHeader({ row }: { row: AppRow }) {
  const act = useAct();
  const actions = actionsOf(row);
  const main = (['start', 'restart', 'stop'] as const).filter((action) => actions.includes(action));
  const more = (['rollback', 'remove', 'discard'] as const).filter((action) => actions.includes(action));
  return (
    <PageHeader
      title={row.name}
      back={{ href: '/apps', label: words.apps.title }}
      badge={
        <>
          <AppStatusBadge status={row.status} />
          <AppMarks row={row} />
        </>
      }
      text={
        <Group gap="md" className={classes.facts}>
          {row.urls.map((url) => (
            <Anchor key={url} href={url} target="_blank" rel="noreferrer" size="sm" className={classes.url}>
              {url.replace(/^https?:\/\//, '')}
              <IconExternalLink size={14} aria-label={words.apps.opensNew} />
            </Anchor>
          ))}
          <span>{row.node === null ? words.apps.noNode : words.apps.on(row.node.name)}</span>
          <span>{words.apps.release(row.running, row.number)}</span>
          {row.seenAt !== null && (
            <span>
              {words.apps.seen} <RelativeTime at={row.seenAt} />
            </span>
          )}
        </Group>
      }
      actions={
        <>
          {main.map((action) => {
            const Shown = actionIcons[action];
            return (
              <Button
                key={action}
                variant="default"
                leftSection={<Shown size={16} aria-hidden />}
                onClick={() => act(action, [row])}
              >
                {words.apps.actions[action]}
              </Button>
            );
          })}
          {more.length > 0 && (
            <Menu>
              <Menu.Target>
                <Button variant="default" aria-label={words.apps.menuOf(row.name)} px={10}>
                  <IconDots size={16} aria-hidden />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {more.map((action) => {
                  const Shown = actionIcons[action];
                  return (
                    <Menu.Item
                      key={action}
                      color={action === 'rollback' ? undefined : 'red'}
                      leftSection={<Shown size={16} aria-hidden />}
                      onClick={() => act(action, [row])}
                    >
                      {words.apps.menu[action]}
                    </Menu.Item>
                  );
                })}
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    />
  );
}

function AppTabs({ app, tab }: { app: OpenApp; tab: TabName }) {
  const [, navigate] = useLocation();
  const { appId, detail } = app;
  const services = serviceNames(app);
  const list = useRef<HTMLDivElement>(null);
  // On small screens the row of tabs scrolls: the one that is shown must be seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is another place in the row
  useEffect(() => {
    const row = list.current;
    if (row === null) return;
    const show = (): void => {
      const active = row.querySelector<HTMLElement>('[aria-selected="true"]');
      if (active) row.scrollLeft = active.offsetLeft - (row.clientWidth - active.offsetWidth) / 2;
    };
    const observer = new ResizeObserver(show);
    observer.observe(row);
    return () => observer.disconnect();
  }, [tab]);
  return (
    <Tabs
      value={tab}
      onChange={(next) => navigate(next === 'overview' ? `/apps/${appId}` : `/apps/${appId}/${next}`)}
      keepMounted={false}
    >
      <Tabs.List ref={list} className={classes.tabs} aria-label={words.apps.tabsOf(detail.row.name)}>
        {tabs.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {words.apps.tabs[name]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab} className={classes.panel}>
        <Suspense fallback={<RowsSkeleton />}>
          {tab === 'overview' && <OverviewTab app={app} />}
          {tab === 'compose' && <ComposeTab app={app} />}
          {tab === 'environment' && <EnvironmentTab app={app} />}
          {tab === 'secrets' && <SecretsTab app={app} />}
          {tab === 'routes' && <RoutesTab app={app} />}
          {tab === 'releases' && <ReleasesTab app={app} />}
          {tab === 'logs' &&
            (detail.row.number === 0 ? (
              <EmptyState icon={IconFileText} title={words.apps.logs.neverRan} text={words.apps.logs.neverRanText} />
            ) : (
              <LogsTab appId={appId} appName={detail.row.name} services={services} />
            ))}
          {tab === 'settings' && <SettingsTab app={app} />}
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}

/** Services that run; before the first report those of the file as edited. */
function serviceNames({ detail }: OpenApp): readonly string[] {
  return detail.services.length > 0 ? detail.services.map(({ service }) => service) : detail.outline.services;
}
