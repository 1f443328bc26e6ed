import { type Icon, IconMenu2 } from '@tabler/icons-react';
import { lazy, memo, useCallback, useState } from 'react';
import { Link } from 'wouter';
import { words } from '#renderer/words/index.ts';
import classes from './BottomBar.module.css';
import { LazyDialog } from './LazyDialog.tsx';
import { isCurrent, navEntries } from './nav-entries.ts';
import { useNavCounts } from './use-nav-counts.ts';

const NavDrawer = lazy(async () => ({ default: (await import('./NavDrawer.tsx')).NavDrawer }));

/** As many as thumbs hit well beside "More". */
const SHOWN = ['/', '/apps', '/nodes', '/plan'];

/** The navigation of small screens: four entries at the thumb, all others in a drawer. */
export function BottomBar({ location }: { location: string }) {
  const [opened, setOpened] = useState(false);
  const close = useCallback(() => setOpened(false), []);
  const counts = useNavCounts();
  const shown = SHOWN.flatMap((path) => navEntries.filter((entry) => entry.path === path));
  const hidesCurrent = !shown.some(({ path }) => isCurrent(path, location));
  return (
    <>
      <nav className={classes.bar} aria-label={words.app.navLabel}>
        {shown.map(({ path, label, icon: Shown }) => (
          <Entry
            key={path}
            path={path}
            label={label}
            icon={Shown}
            isCurrent={isCurrent(path, location)}
            waiting={counts.get(path) ?? 0}
          />
        ))}
        <button
          type="button"
          className={classes.entry}
          aria-expanded={opened}
          data-current={hidesCurrent || undefined}
          onClick={() => setOpened(true)}
        >
          <IconMenu2 size={22} stroke={1.75} aria-hidden />
          <span>{words.app.nav.more}</span>
        </button>
      </nav>
      <StillDialog dialog={NavDrawer} opened={opened} onClose={close} />
    </>
  );
}

const StillDialog = memo(LazyDialog);

const Entry = memo(function Entry(props: {
  path: string;
  label: string;
  icon: Icon;
  isCurrent: boolean;
  waiting: number;
}) {
  const { path, label, icon: Shown, waiting } = props;
  return (
    <Link href={path} className={classes.entry} aria-current={props.isCurrent ? 'page' : undefined}>
      <Shown size={22} stroke={1.75} aria-hidden />
      <span>{label}</span>
      {waiting > 0 && <span className={classes.count} aria-label={words.app.waitingIn(waiting)} role="img" />}
    </Link>
  );
});
