import { Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { words } from '#renderer/words/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { FaultNotice } from './FaultNotice.tsx';
import { isTyped } from './is-typed.ts';
import { useReturnFocus } from './use-return-focus.ts';

export interface DangerConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What is lost for ever, one line each. */
  losses: readonly ReactNode[];
  /** What stays all the same. */
  keeps?: ReactNode;
  /** Has to be typed; absent: a press is enough. */
  name?: string | undefined;
  confirmLabel: string;
  onConfirm: () => void;
  busy?: boolean;
  fault?: Fault | null;
}

/** Asks before something is lost: names it, and wants the name typed. */
export function DangerConfirm(props: DangerConfirmProps) {
  const { opened, onClose, title, losses, keeps, name, confirmLabel, onConfirm, busy = false, fault } = props;
  const [typed, setTyped] = useState('');
  useReturnFocus(opened);
  useEffect(() => {
    if (!opened) setTyped('');
  }, [opened]);
  const mayConfirm = isTyped(typed, name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (mayConfirm && !busy) onConfirm();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': words.ui.close }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <div>
            <Text size="sm" mb={4}>
              {words.ui.willBeLost}
            </Text>
            <List size="sm" spacing={4}>
              {losses.map((loss, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change while it is shown
                <List.Item key={index}>{loss}</List.Item>
              ))}
            </List>
          </div>
          {keeps && (
            <Text size="sm" c="dimmed" component="div">
              {keeps}
            </Text>
          )}
          {name !== undefined && (
            <TextInput
              label={words.ui.typeName(name)}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              data-autofocus
            />
          )}
          <FaultNotice fault={fault} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.ui.cancel}
            </Button>
            <Button
              type="submit"
              color="red"
              disabled={!mayConfirm}
              loading={busy}
              leftSection={<IconTrash size={16} aria-hidden />}
            >
              {confirmLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
