import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useBridge, useLostEdits, useValue } from '#renderer/bridge/index.ts';
import { CopyField, FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { isAlarm } from '#shared/contracts/errors/alarms.ts';
import { fault } from '#shared/kernel/index.ts';

/** What went wrong in the background, newest first: one in sight, the others a press away. */
export function Notices() {
  const bridge = useBridge();
  const { value: session } = useValue('session', {});
  const [showsAll, setShowsAll] = useState(false);
  const { lost, dismiss } = useLostEdits();
  const [path] = useLocation();
  // The audit screen shows alarms itself, with what to do about them.
  const isElsewhere = (code: string) => path === '/audit' && isAlarm(code);
  const notices = (session?.notices ?? [])
    .filter(({ hidden, fault: why }) => !hidden && !isElsewhere(why.code))
    .reverse();
  if (notices.length + lost.length === 0) return null;
  const shown = showsAll ? notices : notices.slice(0, 1);
  const text = words.app.notices;
  return (
    <Stack component="section" gap="xs" mb="md" aria-label={text.label}>
      {lost.map(({ id, path, text: written }) => (
        <FaultNotice
          key={id}
          fault={lostFault(path, written)}
          onClose={() => dismiss(id)}
          actions={written !== '' && <CopyField label={text.written} value={written} wrap={written.includes('\n')} />}
        />
      ))}
      {shown.map(({ id, fault }) => (
        <FaultNotice key={id} fault={fault} onClose={() => void bridge.call('dismissNotice', { id })} />
      ))}
      {notices.length > 1 && (
        <Button variant="subtle" size="xs" style={{ alignSelf: 'flex-start' }} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? text.less : text.more(notices.length - 1)}
        </Button>
      )}
    </Stack>
  );
}

function lostFault(path: string, written: string) {
  const text = words.app.notices;
  return fault('bridge.edit-lost', 'conflict', text.lost(path), written === '' ? text.clearAgain : text.writeAgain);
}
