import type { ReactNode } from 'react';
import classes from './Facts.module.css';

/** Names and values, one pair in a line. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two facts may have one name, and their order is theirs
        <div key={`${name} ${index}`} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
