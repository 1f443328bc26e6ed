import { Button, Group } from '@mantine/core';
import { useCall } from '#renderer/bridge/index.ts';
import { FaultNotice, notifyDone, notifyFault } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { JobRow } from '#shared/contracts/ipc/index.ts';
import { jobActions } from './filter-jobs.ts';

const text = words.jobs;

/** Send again, cancel: where they apply. `dense` says a refusal in passing, for rows. */
export function JobActions({ job, dense = false }: { job: JobRow; dense?: boolean }) {
  const retry = useCall('retryJob');
  const cancel = useCall('cancelJob');
  const may = jobActions(job);
  if (!may.retry && !may.cancel) return null;
  const run = async (call: typeof retry | typeof cancel, done: string) => {
    const result = await call.run({ jobId: job.id });
    if (result.ok) notifyDone(done);
    else if (dense) notifyFault(result.error);
  };
  const size = dense ? 'compact-sm' : 'sm';
  const name = words.review.jobTitle(job.verb, job.appName);
  return (
    <Group gap="xs" justify={dense ? 'flex-end' : 'flex-start'}>
      {may.retry && (
        <Button
          variant="default"
          size={size}
          loading={retry.busy}
          title={text.retryHelp}
          aria-label={`${text.retry}: ${name}`}
          onClick={() => void run(retry, text.retried)}
        >
          {text.retry}
        </Button>
      )}
      {may.cancel && (
        <Button
          variant="default"
          size={size}
          loading={cancel.busy}
          title={text.cancelHelp}
          aria-label={`${text.cancel}: ${name}`}
          onClick={() => void run(cancel, text.cancelled)}
        >
          {text.cancel}
        </Button>
      )}
      {!dense && <FaultNotice fault={retry.fault ?? cancel.fault} />}
    </Group>
  );
}
