import { Alert, Loader, Stack, Text } from '@mantine/core';
import { IconSignature } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useRowsSelect } from '#renderer/bridge/index.ts';
import { CopyField } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { PlanView } from '#shared/contracts/ipc/index.ts';
import { JobProgress } from './JobProgress.tsx';

/** For a plan that this device may not sign: the one command for an owner's device, then the job that came of it. */
export function OwnerSignature({
  plan,
  command,
  onJob,
}: {
  plan: PlanView;
  command: string;
  onJob: (jobId: string) => void;
}) {
  const [sinceMs] = useState(() => Date.now());
  const jobId = useRowsSelect('jobs', {}, (jobs) => {
    const mine = jobs.find(
      ({ appId, verb, createdAt }) => appId === plan.appId && verb === plan.verb && Date.parse(createdAt) >= sinceMs,
    );
    return mine?.id ?? null;
  });
  useEffect(() => {
    if (jobId !== null) onJob(jobId);
  }, [jobId, onJob]);

  if (jobId !== null) return <JobProgress jobId={jobId} urls={plan.urls} />;
  return (
    <Alert color="indigo" icon={<IconSignature size={20} aria-hidden />} title={words.review.ownerNeeded}>
      <Stack gap="sm">
        <Text size="sm">{words.review.ownerWhy}</Text>
        <CopyField label={words.review.ownerCommand} value={command} wrap />
        <Text size="sm" c="dimmed" role="status">
          <Loader size={12} mr={8} aria-hidden />
          {words.review.ownerWaiting}
        </Text>
      </Stack>
    </Alert>
  );
}
