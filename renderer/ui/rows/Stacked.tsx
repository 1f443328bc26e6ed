import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Stacked.module.css';

/** Lines of one cell, each cut at its end. */
export function Stacked({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <div className={classes.stacked} title={title}>
      {children}
    </div>
  );
}

/** What a cell says of a column that small screens leave out. */
export function NarrowOnly({ children }: { children: ReactNode }) {
  return (
    <Text size="xs" c="dimmed" component="span" className={classes.narrowOnly}>
      {children}
    </Text>
  );
}
