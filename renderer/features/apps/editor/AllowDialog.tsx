import { Button, Code, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type UsedDocument, useValue } from '#renderer/bridge/index.ts';
import { words } from '#renderer/words/index.ts';
import { POLICY_RULES } from '#shared/domain/policies/rules.ts';
import type { ComposeFinding } from './finding.ts';

export interface AllowDialogProps {
  readonly finding: ComposeFinding;
  readonly document: UsedDocument;
  readonly onClose: () => void;
}

/** Sets a guardrail aside for one value, with a reason that stands in the release and is shown everywhere. */
export function AllowDialog({ finding, document, onClose }: AllowDialogProps) {
  const { value: session } = useValue('session', {});
  const [reason, setReason] = useState('');
  const [hasTried, setTried] = useState(false);
  const { exception } = finding;
  if (exception === null) return null;
  const rules: Readonly<Record<string, { readonly reason: string; readonly mend: string }>> = POLICY_RULES;
  const rule = Object.hasOwn(rules, exception.rule) ? rules[exception.rule] : undefined;
  const role = session?.device?.role;
  const isNoOwner = role === 'operator' || role === 'viewer';
  const allow = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const said = reason.trim();
    if (said === '') return;
    document.addItem('exceptions', { ...exception, reason: said });
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.apps.allow.title(exception.rule)}
      closeButtonProps={{ 'aria-label': words.ui.close }}
    >
      <form onSubmit={allow}>
        <Stack gap="md">
          {rule && <Text size="sm">{words.apps.allow.because(rule.reason)}</Text>}
          {rule && (
            <Text size="sm" c="dimmed">
              {words.apps.allow.better(rule.mend)}
            </Text>
          )}
          <Text size="sm">
            {words.apps.allow.value(exception.service)} <Code>{exception.value}</Code>
          </Text>
          <Textarea
            label={words.apps.allow.reason}
            description={words.apps.allow.reasonHint}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={hasTried && reason.trim() === '' && words.apps.allow.noReason}
            maxLength={512}
            rows={2}
            data-autofocus
          />
          {isNoOwner && <Text size="sm">{words.apps.allow.owner}</Text>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.ui.cancel}
            </Button>
            <Button type="submit" color="yellow">
              {words.apps.allow.act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
