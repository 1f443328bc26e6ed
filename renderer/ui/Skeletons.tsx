import { Skeleton, VisuallyHidden } from '@mantine/core';
import { words } from '#renderer/words/index.ts';
import classes from './Skeletons.module.css';

const widths = ['62%', '48%', '70%', '55%', '40%', '66%'];

function keys(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Rows that have not come yet, in the shape of `Rows`. */
export function RowsSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div className={classes.rows} aria-busy>
      <VisuallyHidden role="status">{words.ui.loading}</VisuallyHidden>
      {keys(rows).map((index) => (
        <div key={index} className={classes.row}>
          <Skeleton height={12} width={widths[index % widths.length] ?? '50%'} />
          <Skeleton height={12} width={64} />
        </div>
      ))}
    </div>
  );
}

/** Cards that have not come yet. */
export function CardsSkeleton({ cards = 3, height = 96 }: { cards?: number; height?: number }) {
  return (
    <div className={classes.cards} aria-busy>
      <VisuallyHidden role="status">{words.ui.loading}</VisuallyHidden>
      {keys(cards).map((index) => (
        <Skeleton key={index} height={height} radius={8} />
      ))}
    </div>
  );
}

/** A whole screen: head and body. */
export function PageSkeleton() {
  return (
    <div aria-busy>
      <Skeleton height={28} width={200} mb={8} />
      <Skeleton height={12} width={320} maw="80%" mb={24} />
      <RowsSkeleton />
    </div>
  );
}
