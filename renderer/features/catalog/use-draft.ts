import { useEffect, useRef, useState } from 'react';
import { useCall, useRowsSelect, useValue } from '#renderer/bridge/index.ts';
import { notifyDone } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { CallInput, PlanView } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';

const text = words.catalog.deploy.leave;

/** An app that the wizard made and nobody confirmed yet. */
export interface Draft {
  readonly appId: string;
  readonly name: string;
  readonly plan: PlanView;
}

export interface UsedDraft {
  readonly draft: Draft | null;
  /** The app that this wizard made, also where its answer was lost: its name is no other's. */
  readonly ownId: string | null;
  readonly busy: boolean;
  readonly fault: Fault | null;
  clear(): void;
  /** Makes the app, or makes it anew after something was changed. */
  make(input: CallInput<'createApp'>): Promise<boolean>;
  /** Throws it away. */
  discard(): Promise<boolean>;
  /** The person confirmed: it is no draft any more. */
  settle(): void;
}

/**
 * The draft of a wizard. Nothing of it runs. Whoever goes elsewhere keeps it under Apps and is told so; the plan follows
 * the fleet, so that what is confirmed is what is shown.
 */
export function useDraft(): UsedDraft {
  const [made, setMade] = useState<Draft | null>(null);
  const [settled, setSettled] = useState(false);
  const [brokeOff, setBrokeOff] = useState<string | null>(null);
  const leftover = useRowsSelect('apps', {}, (apps) =>
    brokeOff === null ? null : (apps.find(({ name, status }) => name === brokeOff && status === 'draft')?.id ?? null),
  );
  const ownId = made?.appId ?? leftover;
  const create = useCall('createApp');
  const drop = useCall('discardDraft');
  const live = useValue('plan', made === null || settled ? null : { appId: made.appId });
  const open = useRef<Draft | null>(null);
  open.current = settled ? null : made;

  const isMounted = useRef(false);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
      const left = open.current;
      // React's strict mode comes back at once.
      if (left) setTimeout(() => isMounted.current || notifyDone(text.kept(left.name)), 0);
    };
  }, []);

  const discard = async () => {
    if (ownId === null) return true;
    const result = await drop.run({ appId: ownId });
    if (!result.ok && result.error.code !== 'app.unknown') return false;
    open.current = null;
    setMade(null);
    setBrokeOff(null);
    return true;
  };
  return {
    ownId,
    draft: made && { ...made, plan: live.value?.plan ?? made.plan },
    busy: create.busy || drop.busy,
    fault: create.fault ?? drop.fault,
    clear() {
      create.clear();
      drop.clear();
    },
    async make(input) {
      if (!(await discard())) return false;
      const result = await create.run(input);
      if (result.ok) setMade({ appId: result.value.appId, name: input.name, plan: result.value.plan });
      // A refused app is gone again; one whose answer was lost may be there.
      else if (result.error.code !== 'app.name-taken') setBrokeOff(input.name);
      return result.ok;
    },
    discard,
    settle: () => setSettled(true),
  };
}
