import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './Section.module.css';

/** A titled part of a screen. `bare` leaves the surface away, for lists that bring their own. */
export function Section({
  title,
  text,
  actions,
  children,
  id,
  bare = false,
}: {
  title: string;
  text?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  id?: string;
  bare?: boolean;
}) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} id={id} className={classes.section}>
      <div className={classes.head}>
        <div>
          <Title order={2} size="h3" id={heading}>
            {title}
          </Title>
          {text && (
            <Text size="sm" c="dimmed" component="div">
              {text}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </div>
      <div className={bare ? undefined : classes.body}>{children}</div>
    </section>
  );
}
