import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { words } from '#renderer/words/index.ts';

/** Says that the core has newer screens. Nothing is reloaded under a person's hands. */
export function notifyNewVersion(): void {
  const { title, text, reload } = words.app.newVersion;
  notifications.show({
    id: 'new-version',
    title,
    message: (
      <>
        {text}{' '}
        <Button size="compact-xs" variant="light" onClick={() => window.location.reload()}>
          {reload}
        </Button>
      </>
    ),
    autoClose: false,
  });
}
