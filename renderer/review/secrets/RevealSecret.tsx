import { ActionIcon, Button, Code, CopyButton, Group, Popover, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconEye } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { visibleText } from '#shared/kernel/index.ts';

const SHOWN_MS = 20_000;

/** Shows the value of a secret for twenty seconds. It is kept nowhere after that, nor when the page is left. */
export function RevealSecret({ appId, name }: { appId: string; name: string }) {
  const [isOpen, setOpen] = useState(false);
  const [value, setValue] = useState<string | null>(null);
  const { run, busy, fault, clear } = useCall('revealSecret');
  /** An answer that comes after it was hidden again must not be shown. */
  const turn = useRef(0);
  const hide = useCallback(() => {
    turn.current++;
    setValue(null);
    setOpen(false);
    clear();
  }, [clear]);
  const show = async () => {
    const own = ++turn.current;
    setOpen(true);
    const answer = await run({ appId, name });
    if (answer.ok && own === turn.current && !document.hidden) setValue(answer.value.value);
  };
  useEffect(() => {
    if (value === null) return;
    const timer = setTimeout(hide, SHOWN_MS);
    document.addEventListener('visibilitychange', hide);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', hide);
    };
  }, [value, hide]);

  return (
    <Popover opened={isOpen} onChange={(next) => !next && hide()} position="bottom-end" width={360} trapFocus withRoles>
      <Popover.Target>
        <Tooltip label={words.secrets.reveal}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={words.secrets.revealOf(name)}
            loading={busy}
            onClick={() => (isOpen ? hide() : void show())}
          >
            <IconEye size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={words.secrets.valueOf(name)}>
        <FaultNotice fault={fault} />
        {value !== null && (
          <>
            <Code block style={{ maxHeight: 200, overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {value.split('\n').map(visibleText).join('\n')}
            </Code>
            <Group justify="space-between" mt="xs" gap="xs">
              <Text size="xs" c="dimmed">
                {words.secrets.hidesSoon(SHOWN_MS / 1_000)}
              </Text>
              <Group gap="xs">
                <CopyButton value={value}>
                  {({ copied, copy }) => (
                    <Button
                      size="xs"
                      variant="default"
                      onClick={copy}
                      leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
                    >
                      {copied ? words.ui.copied : words.ui.copy}
                    </Button>
                  )}
                </CopyButton>
                <Button size="xs" variant="default" onClick={hide} data-autofocus>
                  {words.secrets.hide}
                </Button>
              </Group>
            </Group>
          </>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
