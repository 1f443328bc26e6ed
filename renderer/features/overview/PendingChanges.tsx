import { Button, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useValue } from '#renderer/bridge/index.ts';
import { CardsSkeleton, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';

const text = words.overview.pending;

/** What is edited or confirmed and does not run yet. */
export function PendingChanges() {
  const { value: pending } = useValue('pending', {});
  if (!pending) return <CardsSkeleton cards={1} height={72} />;
  const lines = [
    pending.plans.length > 0 && text.plans(pending.plans.length),
    pending.intents.length > 0 && text.intents(pending.intents.length),
    pending.stuck.length > 0 && text.stuck(pending.stuck.length),
  ].filter((line) => line !== false);
  return (
    <Section title={text.title}>
      {lines.length === 0 ? (
        <Text size="sm" c="dimmed">
          {text.none}
        </Text>
      ) : (
        <Stack gap={4} align="flex-start">
          {lines.map((line) => (
            <Text key={line} size="sm">
              {line}
            </Text>
          ))}
          <Button component={Link} href="/plan" variant="light" mt={8}>
            {text.act}
          </Button>
        </Stack>
      )}
    </Section>
  );
}
