import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core';
import { IconDotsVertical, IconKey, IconPencil, IconPlug, IconPlus, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import {
  RevealSecret,
  SecretDialog,
  type SecretMode,
  SecretState,
  SecretUses,
} from '#renderer/review/secrets/index.ts';
import { type Column, DangerConfirm, EmptyState, notifyDone, notifyFault, Rows, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { SecretRow } from '#shared/contracts/ipc/index.ts';
import type { OpenApp } from '../detail/open-app.ts';
import { UsesDialog } from './UsesDialog.tsx';

type Asked =
  | { readonly what: 'value'; readonly name: string | null; readonly mode: SecretMode }
  | { readonly what: 'uses' | 'remove'; readonly secret: SecretRow };

/** Secrets of one app: who gets them and how, never what they are. */
export function SecretsTab({ app }: { app: OpenApp }) {
  const { appId, detail, document } = app;
  const [asked, setAsked] = useState<Asked | null>(null);
  const removal = useCall('removeSecret');
  const close = () => setAsked(null);
  const remove = async (secret: SecretRow) => {
    const answer = await removal.run({ appId, name: secret.name });
    if (!answer.ok) {
      if (asked === null) notifyFault(answer.error);
      return;
    }
    notifyDone(words.secrets.wasRemoved(secret.name));
    close();
  };
  /** A deployed value comes back with Revert; one that was never deployed is gone, so that is asked. */
  const askRemove = (secret: SecretRow) => (secret.edited ? setAsked({ what: 'remove', secret }) : void remove(secret));
  const services = detail.outline.services;

  return (
    <Section
      title={words.apps.tabs.secrets}
      text={words.apps.secrets.text}
      bare
      actions={
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          variant="default"
          onClick={() => setAsked({ what: 'value', name: null, mode: 'generate' })}
        >
          {words.secrets.make}
        </Button>
      }
    >
      <Rows
        label={words.apps.tabs.secrets}
        rows={detail.secrets}
        columns={columnsFor(appId, setAsked, askRemove)}
        rowId={(secret) => secret.id}
        rowHeight={64}
        defaultSort={{ column: 'name', down: false }}
        empty={<EmptyState icon={IconKey} title={words.apps.secrets.emptyTitle} text={words.apps.secrets.emptyText} />}
      />
      {asked?.what === 'value' && (
        <SecretDialog
          appId={appId}
          name={asked.name}
          taken={detail.secrets.map((secret) => secret.name)}
          services={services}
          mode={asked.mode}
          onClose={close}
        />
      )}
      {asked?.what === 'uses' && (
        <UsesDialog secret={asked.secret} services={services} document={document} onClose={close} />
      )}
      {asked?.what === 'remove' && (
        <DangerConfirm
          opened
          onClose={close}
          title={words.secrets.removeTitle(asked.secret.name)}
          losses={[words.secrets.removeLoss]}
          keeps={words.secrets.removeKeeps}
          confirmLabel={words.secrets.remove}
          onConfirm={() => void remove(asked.secret)}
          busy={removal.busy}
          fault={removal.fault}
        />
      )}
    </Section>
  );
}

function columnsFor(
  appId: string,
  ask: (asked: Asked) => void,
  remove: (secret: SecretRow) => void,
): readonly Column<SecretRow>[] {
  return [
    {
      id: 'name',
      header: words.secrets.name,
      width: 'minmax(140px, 1fr)',
      sortBy: (secret) => secret.name,
      cell: (secret) => (
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
      cell: (secret) => (
        <Group gap={0} wrap="nowrap" justify="flex-end">
          {secret.canReveal && <RevealSecret appId={appId} name={secret.name} />}
          <Menu>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.secrets.menuOf(secret.name)}>
                <IconDotsVertical size={18} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconPencil size={16} aria-hidden />}
                onClick={() => ask({ what: 'value', name: secret.name, mode: 'type' })}
              >
                {words.secrets.setNew}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconRefresh size={16} aria-hidden />}
                onClick={() => ask({ what: 'value', name: secret.name, mode: 'generate' })}
              >
                {words.secrets.rotate}
              </Menu.Item>
              <Menu.Item leftSection={<IconPlug size={16} aria-hidden />} onClick={() => ask({ what: 'uses', secret })}>
                {words.secrets.editUses}
              </Menu.Item>
              <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => remove(secret)}>
                {words.secrets.remove}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      ),
    },
  ];
}
