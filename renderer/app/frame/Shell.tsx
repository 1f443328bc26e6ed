import { lazy, memo, Suspense, useCallback, useDeferredValue, useState } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { PageHeader, PageSkeleton } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { JobAnnouncer } from '../announce/JobAnnouncer.tsx';
import { ErrorBoundary } from '../ErrorBoundary.tsx';
import { useShellKeys } from '../keys/use-shell-keys.ts';
import { PaletteLoader } from '../palette/PaletteLoader.tsx';
import { routes } from '../routes.ts';
import { BottomBar } from './BottomBar.tsx';
import { Header } from './Header.tsx';
import { LazyDialog } from './LazyDialog.tsx';
import { NotFound } from './NotFound.tsx';
import { Notices } from './Notices.tsx';
import { navEntries } from './nav-entries.ts';
import { Rail } from './Rail.tsx';
import classes from './Shell.module.css';
import { screenKey, useRouteFocus } from './use-route-focus.ts';

const KeysHelp = lazy(async () => ({ default: (await import('../keys/KeysHelp.tsx')).KeysHelp }));

/** The frame around every screen: navigation, contact with the core, palette and keys. It stays when the screen changes. */
export function Shell() {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const openPalette = useCallback(() => setPaletteOpen(true), []);
  const openHelp = useCallback(() => setHelpOpen(true), []);
  useShellKeys({ openPalette, openHelp });

  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        {words.app.skip}
      </a>
      <LocatedRail />
      <StillHeader onSearch={openPalette} onHelp={openHelp} />
      <main id="content" className={classes.main} tabIndex={-1}>
        <Notices />
        <Screens />
      </main>
      <LocatedBottomBar />
      <JobAnnouncer />
      <PaletteLoader opened={isPaletteOpen} onClose={() => setPaletteOpen(false)} />
      <LazyDialog dialog={KeysHelp} opened={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

const StillHeader = memo(Header);

function LocatedRail() {
  const [location] = useLocation();
  return <Rail location={location} />;
}

function LocatedBottomBar() {
  const [location] = useLocation();
  return <BottomBar location={location} />;
}

/** A press is answered in the next frame by the new screen's heading, whatever the screen itself takes to be drawn. */
function Screens() {
  const [location] = useLocation();
  const key = screenKey(location);
  const due = useDeferredValue(key);
  useRouteFocus(due);
  if (due !== key) {
    const title = navEntries.find(({ path }) => path === key)?.label;
    return title === undefined ? (
      <PageSkeleton />
    ) : (
      <div aria-busy>
        <PageHeader title={title} />
      </div>
    );
  }
  return (
    <ErrorBoundary resetKey={location}>
      <Suspense fallback={<PageSkeleton />} key={key}>
        <Switch>
          {routes.map(({ path, screen }) => (
            <Route key={path} path={path} component={screen} />
          ))}
          <Route component={NotFound} />
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
