import { Alert, Anchor, Text } from '@mantine/core';
import { IconAlertTriangle, IconCloudOff, IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { words } from '#renderer/words/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { asSentence } from './as-sentence.ts';

export interface FaultNoticeProps {
  fault: Fault | null | undefined;
  /** Where to go for the next step. */
  link?: { href: string; label: string } | undefined;
  /** Buttons: try again, and the like. */
  actions?: ReactNode;
  onClose?: () => void;
}

const looks = {
  transient: { color: 'yellow', Icon: IconCloudOff },
  denied: { color: 'red', Icon: IconLock },
  conflict: { color: 'yellow', Icon: IconAlertTriangle },
  permanent: { color: 'red', Icon: IconAlertTriangle },
} as const;

/** A fault as people need it: what went wrong, what to do next, the way there. Read out at once. Nothing for null. */
export function FaultNotice({ fault, link, actions, onClose }: FaultNoticeProps) {
  if (!fault) return null;
  const { color, Icon } = looks[fault.kind];
  return (
    <Alert
      role="alert"
      color={color}
      icon={<Icon size={20} aria-hidden />}
      title={asSentence(fault.message)}
      styles={{ title: { overflowWrap: 'anywhere', color: 'var(--mantine-color-text)' }, body: { minWidth: 0 } }}
      {...(onClose ? { withCloseButton: true, onClose, closeButtonLabel: words.ui.dismiss } : {})}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {asSentence(fault.next)}
        {link && (
          <>
            {' '}
            <Anchor component={Link} href={link.href} size="sm" underline="always">
              {link.label}
            </Anchor>
          </>
        )}
      </Text>
      {actions && <div style={{ marginTop: 12 }}>{actions}</div>}
      <Text size="xs" c="dimmed" mt={4} title={words.ui.faultCode}>
        {fault.code}
      </Text>
    </Alert>
  );
}
