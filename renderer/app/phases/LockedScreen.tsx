import { Center } from '@mantine/core';
import { IconWindow } from '@tabler/icons-react';
import { EmptyState } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';

/** Another window holds the device's data. */
export function LockedScreen() {
  return (
    <Center component="main" mih="100dvh" p="md">
      <EmptyState icon={IconWindow} title={words.app.locked.title} text={words.app.locked.text} />
    </Center>
  );
}
