import { Drawer } from '@mantine/core';
import { IconMenu2 } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { words } from '#renderer/words/index.ts';
import classes from './BottomBar.module.css';
import { NavLinks } from './NavLinks.tsx';
import { isCurrent, navEntries } from './nav-entries.ts';
import { useNavCounts } from './use-nav-counts.ts';

/** As many as thumbs hit well beside "More". */
const SHOWN = ['/', '/apps', '/nodes', '/plan'];

/** The navigation of small screens: four entries at the thumb, all others in a drawer. */
export function BottomBar({ location }: { location: string }) {
  const [opened, setOpened] = useState(false);
  const counts = useNavCounts();
  const shown = SHOWN.flatMap((path) => navEntries.filter((entry) => entry.path === path));
  const hidesCurrent = !shown.some(({ path }) => isCurrent(path, location));
  return (
    <>
      <nav className={classes.bar} aria-label={words.app.navLabel}>
        {shown.map(({ path, label, icon: Shown }) => (
          <Link
            key={path}
            href={path}
            className={classes.entry}
            aria-current={isCurrent(path, location) ? 'page' : undefined}
          >
            <Shown size={22} stroke={1.75} aria-hidden />
            <span>{label}</span>
            {(counts.get(path) ?? 0) > 0 && (
              <span className={classes.count} aria-label={words.app.waitingIn(counts.get(path) ?? 0)} role="img" />
            )}
          </Link>
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
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="bottom"
        styles={{ content: { height: 'auto' }, body: { padding: '0 0 16px' } }}
        title={words.app.menu}
        closeButtonProps={{ 'aria-label': words.app.closeMenu }}
      >
        <nav aria-label={words.app.menu}>
          <NavLinks location={location} onGo={() => setOpened(false)} />
        </nav>
      </Drawer>
    </>
  );
}
