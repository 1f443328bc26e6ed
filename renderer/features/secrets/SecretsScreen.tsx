import { ActionIcon, Anchor, Button, Group, Menu, Text } from '@mantine/core';
import { IconDotsVertical, IconKey, IconPencil, IconPlug, IconRefresh, IconSearchOff } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useRows } from '#renderer/bridge/index.ts';
import {
  RevealSecret,
  SecretDialog,
  type SecretMode,
  SecretState,
  SecretUses,
} from '#renderer/review/secrets/index.ts';
import {
  type Column,
  EmptyState,
  FaultNotice,
  FilterInput,
  PageHeader,
  Rows,
  RowsSkeleton,
  Toolbar,
} from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { SecretRow } from '#shared/contracts/ipc/index.ts';
import { filterSecrets } from './filter-secrets.ts';

interface Asked {
  readonly secret: SecretRow;
  readonly mode: SecretMode;
}

const rowId = (secret: SecretRow) => `${secret.appId} ${secret.id}`;
const rowHref = (secret: SecretRow) => `/apps/${secret.appId}/secrets`;

/** Secrets of all apps: who gets them and how, never what they are. */
export function SecretsScreen() {
  const { rows, ready, fault } = useRows('secrets', {});
  const [text, setText] = useState('');
  const sought = useDeferredValue(text);
  const shown = useMemo(() => filterSecrets(rows, sought), [rows, sought]);
  const [asked, setAsked] = useState<Asked | null>(null);
  const columns = useMemo(() => columnsFor(setAsked), []);
  const isEmpty = ready && rows.length === 0;
  return (
    <>
      <PageHeader title={words.secrets.title} text={words.secrets.text} />
      <FaultNotice fault={fault} />
      {!isEmpty && (
        <Toolbar>
          <FilterInput
            value={text}
            onChange={setText}
            label={words.secrets.filter}
            shown={words.secrets.shown(shown.length)}
          />
        </Toolbar>
      )}
      {!ready && fault === null && <RowsSkeleton rows={6} />}
      {isEmpty && (
        <EmptyState
          icon={IconKey}
          title={words.secrets.emptyTitle}
          text={words.secrets.emptyText}
          action={
            <Button component={Link} href="/apps">
              {words.secrets.emptyAction}
            </Button>
          }
        />
      )}
      {ready && !isEmpty && (
        <Rows
          label={words.secrets.list}
          rows={shown}
          columns={columns}
          rowId={rowId}
          rowHref={rowHref}
          rowHeight={64}
          defaultSort={{ column: 'name', down: false }}
          empty={
            <EmptyState icon={IconSearchOff} title={words.secrets.nothingFound} text={words.secrets.nothingFoundText} />
          }
        />
      )}
      {asked !== null && (
        <SecretDialog
          appId={asked.secret.appId}
          name={asked.secret.name}
          taken={[]}
          services={[]}
          mode={asked.mode}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

function columnsFor(ask: (asked: Asked) => void): readonly Column<SecretRow>[] {
  return [
    {
      id: 'name',
      header: words.secrets.name,
      width: 'minmax(140px, 1.2fr)',
      sortBy: (secret) => secret.name,
      cell: (secret) => <NameCell secret={secret} />,
    },
    {
      id: 'app',
      header: words.secrets.app,
      width: 'minmax(90px, 1fr)',
      sortBy: (secret) => secret.appName,
      cell: (secret) => (
        <Anchor component={Link} href={rowHref(secret)} size="sm" truncate>
          {secret.appName}
        </Anchor>
      ),
    },
    {
      id: 'uses',
      header: words.secrets.given,
      width: 'minmax(180px, 2fr)',
      wideOnly: true,
      cell: (secret) => <SecretUses uses={secret.uses} />,
    },
    {
      id: 'actions',
      header: words.secrets.actions,
      quietHeader: true,
      width: '80px',
      align: 'end',
      cell: (secret) => <Actions secret={secret} ask={ask} />,
    },
  ];
}

function NameCell({ secret }: { secret: SecretRow }) {
  return (
    <div>
      <Text size="sm" fw={600} truncate>
        {secret.name}
      </Text>
      <Group gap={6} wrap="nowrap">
        <Text size="xs" c="dimmed">
          {words.secrets.versionOf(secret.version)}
        </Text>
        <SecretState secret={secret} />
      </Group>
    </div>
  );
}

function Actions({ secret, ask }: { secret: SecretRow; ask: (asked: Asked) => void }) {
  return (
    <Group gap={0} wrap="nowrap" justify="flex-end">
      {secret.canReveal && <RevealSecret appId={secret.appId} name={secret.name} />}
      <Menu>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={words.secrets.menuOf(`${secret.name}, ${secret.appName}`)}
          >
            <IconDotsVertical size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => ask({ secret, mode: 'type' })}>
            {words.secrets.setNew}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconRefresh size={16} aria-hidden />}
            onClick={() => ask({ secret, mode: 'generate' })}
          >
            {words.secrets.rotate}
          </Menu.Item>
          <Menu.Item component={Link} href={rowHref(secret)} leftSection={<IconPlug size={16} aria-hidden />}>
            {words.secrets.editUses}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
