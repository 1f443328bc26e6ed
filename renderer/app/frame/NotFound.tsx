import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from 'wouter';
import { EmptyState, PageHeader } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';

/** An address that leads to no screen. */
export function NotFound() {
  const { title, text, home } = words.app.notFound;
  return (
    <>
      <PageHeader title={title} />
      <EmptyState
        icon={IconMapOff}
        title={text}
        text={<code>{window.location.pathname}</code>}
        action={
          <Button component={Link} href="/">
            {home}
          </Button>
        }
      />
    </>
  );
}
