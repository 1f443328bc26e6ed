import { Suspense, useState } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { PageSkeleton } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { JobAnnouncer } from '../announce/JobAnnouncer.tsx';
import { ErrorBoundary } from '../ErrorBoundary.tsx';
import { KeysHelp } from '../keys/KeysHelp.tsx';
import { useShellKeys } from '../keys/use-shell-keys.ts';
import { PaletteLoader } from '../palette/PaletteLoader.tsx';
import { routes } from '../routes.ts';
import { BottomBar } from './BottomBar.tsx';
import { Header } from './Header.tsx';
import { NotFound } from './NotFound.tsx';
import { Notices } from './Notices.tsx';
import { Rail } from './Rail.tsx';
import classes from './Shell.module.css';
import { screenKey, useRouteFocus } from './use-route-focus.ts';

/** The frame around every screen: navigation, contact with the core, palette and keys. */
export function Shell() {
  const [location] = useLocation();
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  useRouteFocus(location);
  useShellKeys({ openPalette: () => setPaletteOpen(true), openHelp: () => setHelpOpen(true) });

  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        {words.app.skip}
      </a>
      <Rail location={location} />
      <Header onSearch={() => setPaletteOpen(true)} onHelp={() => setHelpOpen(true)} />
      <main id="content" className={classes.main} tabIndex={-1}>
        <Notices />
        <ErrorBoundary resetKey={location}>
          <Suspense fallback={<PageSkeleton />} key={screenKey(location)}>
            <Switch>
              {routes.map(({ path, screen }) => (
                <Route key={path} path={path} component={screen} />
              ))}
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
      <BottomBar location={location} />
      <JobAnnouncer />
      <PaletteLoader opened={isPaletteOpen} onClose={() => setPaletteOpen(false)} />
      <KeysHelp opened={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}
