import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { FaultNotice, Mark } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import classes from './FirstRunFrame.module.css';

/** One quiet column with the mark above it, and a word when the core does not answer. */
export function FirstRunFrame({ session, children }: { session: SessionView; children: ReactNode }) {
  const { contact } = session.core;
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Group gap="sm">
          <Mark size={28} />
          <span className={classes.name}>{words.app.name}</span>
        </Group>
      </header>
      <main className={classes.card}>
        {contact.state === 'away' && contact.fault && (
          <div className={classes.fault}>
            <FaultNotice fault={contact.fault} />
          </div>
        )}
        {children}
      </main>
    </div>
  );
}
