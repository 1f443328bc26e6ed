import { VisuallyHidden } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'wouter';
import { words } from '#renderer/words/index.ts';
import classes from './NavLinks.module.css';
import { isCurrent, type NavEntry, navEntries } from './nav-entries.ts';
import { useNavCounts } from './use-nav-counts.ts';

const groups = ['run', 'watch', 'fleet'] as const;

/** All entries of the navigation in their groups: in the rail, and in the drawer of small screens. */
export function NavLinks({ location, onGo }: { location: string; onGo?: () => void }) {
  const counts = useNavCounts();
  return groups.map((group) => {
    const entries = navEntries.filter((entry) => entry.group === group);
    if (entries.length === 0) return null;
    return (
      <ul key={group} className={classes.group} aria-label={words.app.groups[group]}>
        {entries.map((entry) => (
          <li key={entry.path}>
            <NavLink
              entry={entry}
              isCurrent={isCurrent(entry.path, location)}
              waiting={counts.get(entry.path) ?? 0}
              onGo={onGo}
            />
          </li>
        ))}
      </ul>
    );
  });
}

const NavLink = memo(function NavLink(props: {
  entry: NavEntry;
  isCurrent: boolean;
  waiting: number;
  onGo: (() => void) | undefined;
}) {
  const { entry, waiting, onGo } = props;
  const Shown = entry.icon;
  return (
    <Link href={entry.path} className={classes.link} aria-current={props.isCurrent ? 'page' : undefined} onClick={onGo}>
      <Shown size={18} stroke={1.75} aria-hidden />
      <span className={classes.label}>{entry.label}</span>
      {waiting > 0 && (
        <span className={classes.count}>
          <span aria-hidden>{waiting > 99 ? '99+' : waiting}</span>
          <VisuallyHidden component="span">{words.app.waitingIn(waiting)}</VisuallyHidden>
        </span>
      )}
    </Link>
  );
});
