import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowRight, IconCircleCheckFilled } from '@tabler/icons-react';
import { Link } from 'wouter';
import { Section, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import { Measures } from './Measures.tsx';

const text = words.nodes.join;

/** The server is there: what it is, and the two steps to the first app. */
export function NodeGreeting({ node }: { node: NodeRow }) {
  const hasIngress = node.ingress !== null;
  return (
    <div role="status">
      <Section title={text.greeting(node.name)} text={node.facts ? `${node.facts.os} · ${node.facts.arch}` : undefined}>
        <Stack gap="lg">
          <Group gap="sm">
            <IconCircleCheckFilled size={28} color="var(--ov-good)" aria-hidden />
            <Text size="sm" style={{ flex: 1, minWidth: 220 }}>
              {text.greetingText}
            </Text>
          </Group>
          <Measures facts={node.facts} />
          <Step title={text.nextIngress.title} text={text.nextIngress.text}>
            {hasIngress ? (
              <StatusBadge tone="good" word={text.nextIngress.done} />
            ) : (
              <Button
                component={Link}
                href={`/nodes/${node.id}?open=ingress`}
                rightSection={<IconArrowRight size={16} aria-hidden />}
              >
                {text.nextIngress.action}
              </Button>
            )}
          </Step>
          <Step title={text.nextApp.title} text={text.nextApp.text}>
            <Button variant={hasIngress ? 'filled' : 'default'} component={Link} href={`/catalog?node=${node.id}`}>
              {text.nextApp.action}
            </Button>
          </Step>
          <Anchor component={Link} href={`/nodes/${node.id}`} size="sm">
            {text.show}
          </Anchor>
        </Stack>
      </Section>
    </div>
  );
}

function Step({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <Group justify="space-between" gap="sm">
      <div style={{ flex: '1 1 240px', maxWidth: 440 }}>
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      </div>
      {children}
    </Group>
  );
}
