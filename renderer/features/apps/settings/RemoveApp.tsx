import { Button, Group, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { DangerConfirm, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { bytes } from '#renderer/words/values.ts';
import type { OpenApp } from '../detail/open-app.ts';
import { useOrder } from '../orders/order.ts';

/** The end of an app: its data stays, or goes by its name. Either way the plan is looked at before it is signed. */
export function RemoveApp({ app: { appId, detail } }: { app: OpenApp }) {
  const ask = useOrder((state) => state.ask);
  const [isDeleting, setDeleting] = useState(false);
  const { row, volumes } = detail;
  const losses = volumes.map(({ name, sizeBytes }) =>
    words.apps.settings.volumeLoss(name, sizeBytes === null ? null : bytes(sizeBytes)),
  );
  return (
    <Section title={words.apps.settings.remove} text={words.apps.settings.removeText(row.urls.length)}>
      <Group gap="xs" mb={volumes.length > 0 ? 'md' : 0}>
        <Button
          variant="default"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => ask({ action: 'remove', appIds: [appId] })}
        >
          {volumes.length === 0 ? words.apps.settings.removeApp : words.apps.settings.removeKeep}
        </Button>
        {volumes.length > 0 && (
          <Button color="red" variant="outline" onClick={() => setDeleting(true)}>
            {words.apps.settings.removeDelete}
          </Button>
        )}
      </Group>
      {volumes.length > 0 && (
        <Text size="sm" c="dimmed">
          {words.apps.settings.keepText(losses)}
        </Text>
      )}
      <DangerConfirm
        opened={isDeleting}
        onClose={() => setDeleting(false)}
        title={words.apps.settings.deleteTitle(row.name)}
        losses={losses}
        keeps={words.apps.settings.deleteNext}
        name={row.name}
        confirmLabel={words.apps.settings.seePlan}
        onConfirm={() => {
          setDeleting(false);
          ask({ action: 'remove', appIds: [appId], confirmName: row.name });
        }}
      />
    </Section>
  );
}
