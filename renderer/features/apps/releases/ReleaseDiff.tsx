import { Skeleton, Text } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useBridge } from '#renderer/bridge/index.ts';
import { FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { CallOutput } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';

const ComposeDiff = lazy(() => import('#renderer/review/ComposeDiff.tsx'));

type Release = CallOutput<'readRelease'>;

export interface ReleaseDiffProps {
  readonly appId: string;
  /** Release numbers; 0 is the app as edited. */
  readonly from: number;
  readonly to: number;
  readonly what: 'compose' | 'text';
}

/** What differs between two releases. */
export function ReleaseDiff({ appId, from, to, what }: ReleaseDiffProps) {
  const bridge = useBridge();
  const [read, setRead] = useState<{ before: Release; after: Release } | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  useEffect(() => {
    let isWanted = true;
    void Promise.all([from, to].map((number) => bridge.call('readRelease', { appId, number }))).then((answers) => {
      if (!isWanted) return;
      const [before, after] = answers;
      const refused = answers.find((answer) => !answer.ok);
      setFault(refused && !refused.ok ? refused.error : null);
      if (before?.ok && after?.ok) setRead({ before: before.value, after: after.value });
    });
    return () => {
      isWanted = false;
    };
  }, [bridge, appId, from, to]);
  if (fault !== null) return <FaultNotice fault={fault} />;
  if (read === null) return <Skeleton height={160} />;
  if (read.before[what] === read.after[what])
    return (
      <Text size="sm" c="dimmed">
        {what === 'compose' ? words.apps.releases.sameCompose : words.apps.releases.same}
      </Text>
    );
  return (
    <Suspense fallback={<Skeleton height={160} />}>
      <ComposeDiff before={read.before[what]} after={read.after[what]} />
    </Suspense>
  );
}
