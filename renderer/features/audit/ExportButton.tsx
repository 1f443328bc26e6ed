import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useCall } from '#renderer/bridge/index.ts';
import { notifyDone, notifyFault } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { isoTime, systemClock } from '#shared/kernel/index.ts';

const text = words.audit.export;

/** Saves the whole log as a file. */
export function ExportButton() {
  const call = useCall('exportAudit');
  const run = async () => {
    const result = await call.run({});
    if (!result.ok) return notifyFault(result.error);
    const url = URL.createObjectURL(new Blob([result.value.text], { type: 'application/x-ndjson' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = text.name(isoTime(systemClock).slice(0, 10));
    link.click();
    // The browser has begun to read by then.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    notifyDone(text.done);
  };
  return (
    <Button
      variant="default"
      loading={call.busy}
      title={text.help}
      leftSection={<IconDownload size={16} aria-hidden />}
      onClick={() => void run()}
    >
      {text.run}
    </Button>
  );
}
