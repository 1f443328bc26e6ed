import { Anchor, Code, Text } from '@mantine/core';
import { Link } from 'wouter';
import { Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import { findRule } from '#shared/domain/policies/rules.ts';
import classes from './nodes.module.css';

const text = words.nodes.exceptions;

/** The guardrails that are set aside for apps of this server, by what the server itself told. */
export function NodeExceptions({ node }: { node: NodeRow }) {
  if (node.exceptions.length === 0) return null;
  return (
    <Section id="exceptions" title={text.title} text={text.intro}>
      <ul className={classes.list}>
        {node.exceptions.map(({ appId, name, rule, service, value, reason }) => (
          <li key={`${appId} ${rule} ${service} ${value}`}>
            <Text size="sm">
              <Anchor component={Link} href={`/apps/${appId}/settings`} size="sm">
                {name}
              </Anchor>{' '}
              {text.what(findRule(rule)?.title ?? rule)} <Code>{value}</Code>
            </Text>
            <Text size="sm" c="dimmed">
              {words.compose.exceptions.of(service, reason)}
            </Text>
          </li>
        ))}
      </ul>
    </Section>
  );
}
