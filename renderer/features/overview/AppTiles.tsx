import { Link } from 'wouter';
import { useRows } from '#renderer/bridge/index.ts';
import { CardsSkeleton } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import classes from './AppTiles.module.css';
import { type AppCount, countApps } from './app-counts.ts';

const text = words.overview.apps;
/** Those are always there, also with nothing in them; the others only when they have something. */
const always: readonly AppCount[] = ['running', 'trouble', 'stopped'];
const order: readonly AppCount[] = ['running', 'working', 'trouble', 'stopped', 'unknown', 'draft'];
const tones: Record<AppCount, string> = {
  running: 'good',
  working: 'busy',
  trouble: 'bad',
  stopped: 'quiet',
  unknown: 'quiet',
  draft: 'quiet',
};

/** How the apps stand, in numbers. */
export function AppTiles() {
  const { rows, ready } = useRows('apps', {});
  if (!ready) return <CardsSkeleton cards={3} height={72} />;
  const { total, counts } = countApps(rows);
  if (total === 0) return null;
  return (
    <section aria-label={text.title} className={classes.tiles}>
      {order
        .filter((key) => counts[key] > 0 || always.includes(key))
        .map((key) => (
          <Link key={key} href="/apps" className={classes.tile} data-tone={counts[key] > 0 ? tones[key] : undefined}>
            <span className={classes.number}>{counts[key].toLocaleString('en')}</span>
            <span className={classes.word}>{text[key]}</span>
          </Link>
        ))}
    </section>
  );
}
