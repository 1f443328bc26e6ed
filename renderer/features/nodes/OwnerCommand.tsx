import { Stack, Text } from '@mantine/core';
import { CopyField } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';

/** For what this device may not do: the one command for an owner's device. The section shows what came of it by itself. */
export function OwnerCommand({ text, command }: { text: string; command: string }) {
  return (
    <Stack gap="sm">
      <Text size="sm">{text}</Text>
      <CopyField label={words.review.ownerCommand} value={command} wrap />
    </Stack>
  );
}
