import { Anchor, Group, Text, Title } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { Link } from 'wouter';
import classes from './PageHeader.module.css';

export interface PageHeaderProps {
  /** Also the document's title. */
  title: string;
  /** Beside the title: a status. */
  badge?: ReactNode;
  /** One line under it. */
  text?: ReactNode;
  /** Buttons; the main one last. */
  actions?: ReactNode;
  /** The list that this came from. */
  back?: { href: string; label: string };
}

/** The head of every screen: its one h1, which takes the focus when a person comes to the screen. */
export function PageHeader({ title, badge, text, actions, back }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Overseer`;
  }, [title]);
  return (
    <header className={classes.header}>
      {back && (
        <Anchor component={Link} href={back.href} size="sm" className={classes.back}>
          <IconChevronLeft size={16} aria-hidden />
          {back.label}
        </Anchor>
      )}
      <div className={classes.line}>
        <div className={classes.words}>
          <Group gap="sm" className={classes.title}>
            <Title order={1} tabIndex={-1}>
              {title}
            </Title>
            {badge}
          </Group>
          {text && (
            <Text size="sm" c="dimmed" component="div">
              {text}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </div>
    </header>
  );
}
