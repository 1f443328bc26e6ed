import { Button, Group, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useValue } from '#renderer/bridge/index.ts';
import { DangerConfirm, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { bytes } from '#renderer/words/values.ts';
import type { OpenApp } from '../detail/open-app.ts';
import { useOrder } from '../orders/order.ts';

const text = words.apps.settings;

/** The end of an app: its data stays, or goes by its name. Either way the plan is looked at before it is signed. */
export function RemoveApp({ app: { appId, detail } }: { app: OpenApp }) {
  const ask = useOrder((state) => state.ask);
  const [isDeleting, setDeleting] = useState(false);
  const { value: session } = useValue('session', {});
  const role = session?.device?.role;
  const mayDelete = role === 'owner' || role === 'provisional-owner';
  const { row, volumes } = detail;
  const losses = volumes.map(({ name, sizeBytes }) =>
    text.volumeLoss(name, sizeBytes === null ? null : bytes(sizeBytes)),
  );
  return (
    <Section title={text.remove} text={text.removeText(row.urls.length)}>
      <Group gap="xs" mb={volumes.length > 0 ? 'md' : 0}>
        <Button
          variant="default"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => ask({ action: 'remove', appIds: [appId] })}
        >
          {volumes.length === 0 ? text.removeApp : text.removeKeep}
        </Button>
        {volumes.length > 0 && (
          <Button color="red" variant="outline" onClick={() => setDeleting(true)}>
            {text.removeDelete}
          </Button>
        )}
      </Group>
      {volumes.length > 0 && (
        <Text size="sm" c="dimmed">
          {text.keepText(losses)}
        </Text>
      )}
      <DangerConfirm
        opened={isDeleting}
        onClose={() => setDeleting(false)}
        title={text.deleteTitle(row.name)}
        losses={losses}
        keeps={mayDelete ? text.deleteNext : `${text.deleteNext} ${text.deleteOwner}`}
        name={row.name}
        confirmLabel={text.seePlan}
        onConfirm={() => {
          setDeleting(false);
          ask({ action: 'remove', appIds: [appId], confirmName: row.name });
        }}
      />
    </Section>
  );
}
