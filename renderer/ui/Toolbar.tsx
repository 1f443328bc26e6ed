import type { ReactNode } from 'react';
import classes from './Toolbar.module.css';

/** The line above a list: filters first, what acts on the list at its end. Wraps on small screens. */
export function Toolbar({ children, end }: { children?: ReactNode; end?: ReactNode }) {
  return (
    <div className={classes.toolbar}>
      <div className={classes.start}>{children}</div>
      {end && <div className={classes.end}>{end}</div>}
    </div>
  );
}
