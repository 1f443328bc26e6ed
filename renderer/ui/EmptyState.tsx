import { Group, Text } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './EmptyState.module.css';

/** Where nothing is yet: what belongs here and how to begin. */
export function EmptyState({
  icon: Shown,
  title,
  text,
  action,
}: {
  icon: Icon;
  title: string;
  text: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={classes.empty}>
      <Shown size={32} stroke={1.5} aria-hidden className={classes.icon} />
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" component="div" className={classes.text}>
        {text}
      </Text>
      {action && (
        <Group justify="center" gap="xs" mt="xs">
          {action}
        </Group>
      )}
    </div>
  );
}
