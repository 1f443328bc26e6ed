import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { BridgeProvider } from '#renderer/bridge/index.ts';
import { cssVariables, theme } from '#renderer/ui/theme.ts';
import type { Bridge } from '#shared/contracts/ipc/index.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Phases } from './phases/Phases.tsx';

/** The screens over one bridge. The scheme of colours is kept by Mantine, for each browser. */
export function App({ bridge }: { bridge: Bridge }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <BridgeProvider bridge={bridge}>
        <ErrorBoundary resetKey="app">
          <Phases />
        </ErrorBoundary>
        <Notifications position="bottom-right" limit={4} transitionDuration={120} />
      </BridgeProvider>
    </MantineProvider>
  );
}
