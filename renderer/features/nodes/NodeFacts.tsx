import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Facts, RelativeTime, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { duration } from '#renderer/words/values.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { compareVersions } from './version-skew.ts';

const text = words.nodes;

/** What a server told of itself. */
export function NodeFacts({ node }: { node: NodeRow }) {
  const { facts, id, lastSeenAt } = node;
  const skew = text.skew[compareVersions(facts?.version ?? null, VERSION)];
  const rows: [string, ReactNode][] = facts
    ? [
        [text.facts.hostname, facts.hostname],
        [text.facts.os, facts.os],
        [text.facts.kernel, facts.kernel],
        [text.facts.arch, facts.arch],
        [text.facts.docker, facts.dockerVersion ?? text.noDocker],
        [text.facts.compose, facts.composeVersion ?? text.noCompose],
        [
          text.facts.agent,
          <>
            {facts.version}
            {skew !== '' && (
              <Text size="xs" c="dimmed">
                {skew}
              </Text>
            )}
          </>,
        ],
        [text.facts.uptime, duration(facts.uptimeSeconds * 1_000)],
      ]
    : [];
  return (
    <Section title={text.facts.title}>
      <Facts
        facts={[
          ...rows,
          [text.facts.lastSeen, <RelativeTime key="seen" at={lastSeenAt} none={text.neverSeen} />],
          [text.facts.nodeId, <code key="id">{id}</code>],
        ]}
      />
    </Section>
  );
}
