import { Anchor, Button, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useRows } from '#renderer/bridge/index.ts';
import { AppStatusBadge } from '#renderer/review/index.ts';
import { Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import classes from './nodes.module.css';

const text = words.nodes;

/** The apps of one server with how they are. Ingress and connector have sections of their own. */
export function NodeApps({ node }: { node: NodeRow }) {
  const { byId } = useRows('apps', {});
  const own = node.apps.filter(({ kind }) => kind === 'app');
  return (
    <Section title={text.apps.title}>
      {own.length === 0 ? (
        <>
          <Text size="sm" c="dimmed" mb="xs">
            {text.apps.none}
          </Text>
          <Button variant="light" size="xs" component={Link} href={`/catalog?node=${node.id}`}>
            {text.apps.deploy}
          </Button>
        </>
      ) : (
        <ul className={`${classes.list} ${classes.scroll}`}>
          {own.map(({ appId, name }) => {
            const app = byId.get(appId);
            return (
              <li key={appId}>
                <Anchor component={Link} href={`/apps/${appId}`} size="sm" className={classes.name}>
                  {name}
                </Anchor>
                {app && <AppStatusBadge status={app.status} />}
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}
