import { VisuallyHidden } from '@mantine/core';
import { PageSkeleton } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import classes from '../frame/Shell.module.css';

/** The frame of the shell before the device has told of itself: nothing jumps when it does. */
export function LoadingFrame() {
  return (
    <div className={classes.shell}>
      <div className={classes.rail} />
      <div className={classes.header} />
      <main className={classes.main} aria-busy>
        <VisuallyHidden role="status">{words.app.loading}</VisuallyHidden>
        <PageSkeleton />
      </main>
    </div>
  );
}
