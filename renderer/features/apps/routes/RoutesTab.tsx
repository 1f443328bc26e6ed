import { ActionIcon, Anchor, Button, Group, Text, Tooltip } from '@mantine/core';
import { IconExternalLink, IconPencil, IconPlus, IconRoute, IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useRowsSelect } from '#renderer/bridge/index.ts';
import { EmptyState, FaultNotice, Section, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { RouteRow } from '#shared/contracts/ipc/index.ts';
import { readRoutes } from '../detail/app-fields.ts';
import type { OpenApp } from '../detail/open-app.ts';
import { RouteDialog } from './RouteDialog.tsx';
import classes from './RoutesTab.module.css';
import { recordTones, routerTones } from './route-tones.ts';

type Wish = ReturnType<typeof readRoutes>[number];

/** Addresses of an app: what is wished for, beside what stands at its node and in the DNS. */
export function RoutesTab({ app }: { app: OpenApp }) {
  const { appId, detail, document } = app;
  const routes = useMemo(() => readRoutes(document.items('routes')), [document]);
  const live = useRowsSelect('routes', {}, (rows) => rows.filter((row) => row.appId === appId));
  const [asked, setAsked] = useState<Wish | 'new' | null>(null);
  return (
    <Section
      title={words.apps.tabs.routes}
      text={words.apps.routes.text}
      bare
      actions={
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setAsked('new')}
          disabled={!document.ready}
        >
          {words.apps.routes.add}
        </Button>
      }
    >
      {routes.length === 0 && (
        <EmptyState icon={IconRoute} title={words.apps.routes.emptyTitle} text={words.apps.routes.emptyText} />
      )}
      <ul className={classes.list}>
        {routes.map((route) => (
          <RouteCard
            key={route.id}
            wish={route}
            live={live.find((row) => row.routeId === route.id)}
            onEdit={() => setAsked(route)}
            onRemove={() => document.removeItem('routes', route.id)}
          />
        ))}
      </ul>
      {asked !== null && (
        <RouteDialog
          route={asked === 'new' ? null : asked}
          services={detail.outline.services}
          taken={routes.filter((route) => asked === 'new' || route.id !== asked.id).map((route) => route.hostname)}
          onClose={() => setAsked(null)}
          onSave={(wish) => {
            if (asked === 'new') document.addItem('routes', { ...wish });
            else document.setItem('routes', asked.id, { ...wish });
            setAsked(null);
          }}
        />
      )}
    </Section>
  );
}

interface RouteCardProps {
  readonly wish: Wish;
  readonly live: RouteRow | undefined;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function RouteCard({ wish, live, onEdit, onRemove }: RouteCardProps) {
  const url = `${wish.tls === 'acme' ? 'https' : 'http'}://${wish.hostname}`;
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <div className={classes.what}>
          <Anchor href={live?.url ?? url} target="_blank" rel="noreferrer" fw={600} className={classes.host}>
            {wish.hostname} <IconExternalLink size={14} aria-label={words.apps.opensNew} />
          </Anchor>
          <Text size="sm" c="dimmed">
            {words.apps.routes.leadsTo(wish.service, wish.port)}
          </Text>
        </div>
        <Group gap={0} wrap="nowrap">
          <Tooltip label={words.apps.routes.edit}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={words.apps.routes.editOf(wish.hostname)}
              onClick={onEdit}
            >
              <IconPencil size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={words.apps.routes.remove}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={words.apps.routes.removeOf(wish.hostname)}
              onClick={onRemove}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      </div>
      <dl className={classes.facts}>
        <dt>{words.apps.routes.routerLabel}</dt>
        <dd>
          {live === undefined ? (
            <Text size="sm" c="dimmed">
              {words.apps.routes.notDeployed}
            </Text>
          ) : (
            <StatusBadge tone={routerTones[live.status]} word={words.apps.routes.router[live.status]} plain />
          )}
          {live?.message && <Text size="sm">{live.message}</Text>}
        </dd>
        <dt>{words.apps.routes.certificate}</dt>
        <dd>
          <Text size="sm">{words.apps.routes.tls[wish.tls]}</Text>
        </dd>
        <dt>{words.apps.routes.dnsLabel}</dt>
        <dd>
          {(live?.records ?? []).map((record) => (
            <Group key={`${record.type} ${record.content}`} gap="xs">
              <Text size="sm" className={classes.host}>
                {words.apps.routes.record(record.name, record.type, record.content)}
              </Text>
              <StatusBadge
                tone={recordTones[record.status]}
                word={words.apps.routes.recordState[record.status]}
                plain
              />
            </Group>
          ))}
          <Text size="sm" c="dimmed">
            {words.apps.routes.dns[wish.dns]}
            {wish.address !== null && ` ${words.apps.routes.pointsAt(wish.address)}`}
            {wish.proxied && ` ${words.apps.routes.proxied}`}
          </Text>
        </dd>
      </dl>
      {live?.fault && (
        <FaultNotice
          fault={live.fault}
          {...(live.fault.code.startsWith('dns.')
            ? { link: { href: `/nodes/${live.node}`, label: words.apps.routes.toNode } }
            : {})}
        />
      )}
      {live !== undefined && (
        <Anchor component={Link} href="/routes" size="sm">
          {words.apps.routes.all}
        </Anchor>
      )}
    </li>
  );
}
