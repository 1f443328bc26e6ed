import { lazy, Suspense } from 'react';
import { useValue } from '#renderer/bridge/index.ts';
import type { SessionPhase } from '#shared/contracts/ipc/index.ts';
import { Shell } from '../frame/Shell.tsx';
import { LoadingFrame } from './LoadingFrame.tsx';
import { LockedScreen } from './LockedScreen.tsx';

const FirstRun = lazy(async () => ({
  default: (await import('#renderer/features/first-run/index.ts')).FirstRunScreen,
}));

const firstRunPhases: ReadonlySet<SessionPhase> = new Set(['unclaimed', 'claiming', 'stranger', 'joining', 'refused']);

/** What this device is to its fleet decides what there is to see. */
export function Phases() {
  const { value: session } = useValue('session', {});
  if (!session || session.phase === 'loading') return <LoadingFrame />;
  if (session.phase === 'locked') return <LockedScreen />;
  if (firstRunPhases.has(session.phase))
    return (
      <Suspense fallback={<LoadingFrame />}>
        <FirstRun session={session} />
      </Suspense>
    );
  return <Shell />;
}
