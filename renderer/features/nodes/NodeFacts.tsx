import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { RelativeTime, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { duration } from '#renderer/words/values.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import classes from './nodes.module.css';
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
      <dl className={classes.facts}>
        {[
          ...rows,
          [text.facts.lastSeen, <RelativeTime key="seen" at={lastSeenAt} none={text.neverSeen} />] as const,
          [text.facts.nodeId, <code key="id">{id}</code>] as const,
        ].map(([name, value]) => (
          <div key={name} className={classes.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
