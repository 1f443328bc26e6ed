import { useState } from 'react';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { ClaimWizard } from './claim/ClaimWizard.tsx';
import { FirstRunFrame } from './FirstRunFrame.tsx';
import { JoinAsk } from './join/JoinAsk.tsx';
import { JoinWait } from './join/JoinWait.tsx';
import { RefusedNotice } from './RefusedNotice.tsx';

/** What there is to do before this device belongs to a fleet. */
export function FirstRunScreen({ session }: { session: SessionView }) {
  // A desktop that was given no core yet can not know whether that core has a fleet: the person says so.
  const [wantsJoin, setWantsJoin] = useState(false);
  const knowsCore = session.core.address !== '';
  return (
    <FirstRunFrame session={session}>
      {session.phase === 'refused' ? (
        <RefusedNotice session={session} />
      ) : session.phase === 'joining' && session.joining ? (
        <JoinWait joining={session.joining} />
      ) : session.phase === 'stranger' || (wantsJoin && session.phase === 'unclaimed') ? (
        <JoinAsk session={session} onClaim={knowsCore ? undefined : () => setWantsJoin(false)} />
      ) : (
        <ClaimWizard session={session} onJoin={knowsCore ? undefined : () => setWantsJoin(true)} />
      )}
    </FirstRunFrame>
  );
}
