import { Anchor, Popover, Stack, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangleFilled, IconUserShield } from '@tabler/icons-react';
import { Link } from 'wouter';
import { StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import classes from './RoleBadge.module.css';

const looks = {
  'provisional-owner': { words: words.app.provisional, tone: 'warn', icon: IconAlertTriangleFilled },
  operator: { words: words.app.operator, tone: 'quiet', icon: IconUserShield },
  viewer: { words: words.app.viewer, tone: 'quiet', icon: IconUserShield },
} as const;

/** What this device may do, where that is less, or riskier, than an owner would expect. */
export function RoleBadge({ session }: { session: SessionView }) {
  const role = session.device?.role;
  if (role === undefined || role === 'owner') return null;
  const look = looks[role];
  return (
    <Popover width={320} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <UnstyledButton className={classes.button}>
          <span className={classes.full}>
            <StatusBadge tone={look.tone} word={look.words.badge} icon={look.icon} />
          </span>
          <look.icon size={18} aria-hidden className={classes.short} data-tone={look.tone} />
          <VisuallyHidden>{words.app.details}</VisuallyHidden>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={4}>
          <Text fw={600} size="sm">
            {look.words.title}
          </Text>
          <Text size="sm">{look.words.text}</Text>
          {role === 'provisional-owner' && (
            <Anchor component={Link} href="/devices" size="sm">
              {words.app.provisional.link}
            </Anchor>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
