import { Button, Code, Group, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useValue } from '#renderer/bridge/index.ts';
import { Dialog } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { findRule, POLICY_LEVELS } from '#shared/domain/policies/rules.ts';

/** One value that a guardrail lets through, and why. */
export interface Allowed {
  readonly rule: string;
  readonly service: string | null;
  readonly value: string;
  readonly reason: string;
}

export interface AllowDialogProps {
  readonly exception: Omit<Allowed, 'reason'>;
  readonly onAllow: (exception: Allowed) => void;
  readonly onClose: () => void;
}

/** Sets a guardrail aside for one value, with a reason that stands in the release and is shown everywhere. */
export function AllowDialog({ exception, onAllow, onClose }: AllowDialogProps) {
  const { value: session } = useValue('session', {});
  const [reason, setReason] = useState('');
  const [hasTried, setTried] = useState(false);
  const rule = findRule(exception.rule);
  const role = session?.device?.role;
  const isNoOwner = role === 'operator' || role === 'viewer';
  const allow = (event: FormEvent) => {
    event.preventDefault();
    // A form around the editor would take it as its own.
    event.stopPropagation();
    setTried(true);
    const said = reason.trim();
    if (said === '') return;
    onAllow({ ...exception, reason: said });
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={words.compose.allowDialog.title(rule?.title ?? exception.rule)}>
      <form onSubmit={allow}>
        <Stack gap="md">
          {rule && <Text size="sm">{words.compose.allowDialog.because(rule.reason, POLICY_LEVELS[rule.level])}</Text>}
          {rule && (
            <Text size="sm" c="dimmed">
              {words.compose.allowDialog.better(rule.mend)}
            </Text>
          )}
          <Text size="sm">
            {words.compose.allowDialog.value(exception.service)} <Code>{exception.value}</Code>
          </Text>
          <Textarea
            label={words.compose.allowDialog.reason}
            description={words.compose.allowDialog.reasonHint}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={hasTried && reason.trim() === '' && words.compose.allowDialog.noReason}
            maxLength={512}
            rows={2}
            data-autofocus
          />
          {isNoOwner && <Text size="sm">{words.compose.allowDialog.owner}</Text>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.ui.cancel}
            </Button>
            <Button type="submit" color="yellow">
              {words.compose.allowDialog.act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
