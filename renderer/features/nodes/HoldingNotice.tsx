import { Alert, Stack, Text } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { decideHolding } from '#renderer/review/index.ts';
import { CopyField, RelativeTime, useNowMs } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import { goOnCommand } from './owner-commands.ts';

const text = words.nodes.holding;

/** HOLD: a server that takes no change, what goes on all the same, and what ends it. */
export function HoldingNotice({ node }: { node: NodeRow }) {
  const kind = decideHolding(node, useNowMs());
  if (kind === null || node.holding === null) return null;
  return (
    <Alert
      color={kind === 'asks' ? 'blue' : 'yellow'}
      icon={<IconHandStop size={20} aria-hidden />}
      title={text.title[kind](node.name)}
      mb="md"
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
    >
      <Stack gap="xs">
        <Text size="sm">{text.meaning[kind]}</Text>
        <Text size="sm">
          {text.still} {text.since} <RelativeTime at={node.holding.since} />.
        </Text>
        <Text size="sm">{text.todo[kind]}</Text>
        {kind === 'forgot' && <CopyField label={words.review.ownerCommand} value={goOnCommand(node.name)} wrap />}
        {kind === 'lacks-trust' && <CopyField label={words.review.ownerCommand} value={text.exportCommand} wrap />}
      </Stack>
    </Alert>
  );
}
