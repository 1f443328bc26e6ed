import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { useBridge, useValue } from '#renderer/bridge/index.ts';
import { FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';

/** What went wrong in the background, newest first: one in sight, the others a press away. */
export function Notices() {
  const bridge = useBridge();
  const { value: session } = useValue('session', {});
  const [showsAll, setShowsAll] = useState(false);
  const notices = [...(session?.notices ?? [])].reverse();
  if (notices.length === 0) return null;
  const shown = showsAll ? notices : notices.slice(0, 1);
  const text = words.app.notices;
  return (
    <Stack component="section" gap="xs" mb="md" aria-label={text.label}>
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
