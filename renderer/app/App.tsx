import { MantineProvider } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { BridgeProvider } from '#renderer/bridge/index.ts';
import { cssVariables, theme } from '#renderer/ui/theme.ts';
import type { Bridge } from '#shared/contracts/ipc/index.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Phases } from './phases/Phases.tsx';

/** What is said in passing waits in its store until the place for it is there, so the first screen does not wait for it. */
const Notifications = lazy(async () => ({ default: (await import('./announce/Notifications.ts')).Notifications }));

/** The screens over one bridge. The scheme of colours is kept by Mantine, for each browser. */
export function App({ bridge }: { bridge: Bridge }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <BridgeProvider bridge={bridge}>
        <ErrorBoundary resetKey="app">
          <Phases />
        </ErrorBoundary>
        <Suspense fallback={null}>
          <Notifications position="bottom-right" limit={4} transitionDuration={120} />
        </Suspense>
      </BridgeProvider>
    </MantineProvider>
  );
}
