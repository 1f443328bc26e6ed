import { Alert, Anchor, Popover, Stack, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconCloudOff, IconPointFilled, IconProgress, IconUpload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { RelativeTime } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { fingerprint } from '#renderer/words/values.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { offlineSupport } from '../offline-support.ts';
import classes from './ContactStatus.module.css';

const text = words.app.contact;
const icons = { reachable: IconPointFilled, connecting: IconProgress, away: IconCloudOff } as const;

/** How it stands with the core, and what it does not have yet: always in sight, never in the way. */
export function ContactStatus({ session }: { session: SessionView }) {
  const { state, since } = session.core.contact;
  const unsent = session.unsent.rows + session.unsent.intents;
  const Shown = icons[state];
  return (
    <Popover width={360} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <UnstyledButton className={classes.button} data-state={state}>
          <Shown size={16} aria-hidden className={classes.icon} />
          <span className={classes.word}>
            {text[state]}
            {state === 'away' && (
              <span className={classes.since}>
                {text.heard} <RelativeTime at={since} />
              </span>
            )}
          </span>
          {unsent > 0 && (
            <span className={classes.unsent}>
              <IconUpload size={14} aria-hidden />
              <span>{unsent.toLocaleString('en')}</span>
              <span className={classes.unsentWord}>{text.unsentWord(unsent)}</span>
            </span>
          )}
          <VisuallyHidden>{words.app.details}</VisuallyHidden>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Details session={session} unsent={unsent} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Details({ session, unsent }: { session: SessionView; unsent: number }) {
  const { contact, address, version, fingerprint: key } = session.core;
  const offline = useStore(offlineSupport);
  return (
    <Stack gap="sm">
      <Text fw={600} size="sm" role="status">
        {text[contact.state]}
      </Text>
      {contact.state !== 'reachable' && (
        <Text size="sm">{contact.state === 'away' ? text.awayText : text.connectingText}</Text>
      )}
      {contact.fault && (
        <Alert color="yellow" p="xs" title={contact.fault.message}>
          {contact.fault.next}
        </Alert>
      )}
      {unsent > 0 && (
        <Text size="sm">
          <Anchor component={Link} href="/plan" underline="always">
            {text.unsent(unsent)}
          </Anchor>
          . {text.unsentText}
        </Text>
      )}
      <dl className={classes.facts}>
        <Fact name={text.since}>
          <RelativeTime at={contact.since} />
        </Fact>
        <Fact name={text.levelAt}>
          <RelativeTime at={session.levelAt} none={text.never} />
        </Fact>
        <Fact name={text.address}>{address}</Fact>
        {version !== null && <Fact name={text.version}>{version}</Fact>}
        {key !== null && (
          <Fact name={text.fingerprint}>
            <code>{fingerprint(key)}</code>
          </Fact>
        )}
      </dl>
      {offline === 'refused' && (
        <Text size="xs" c="dimmed">
          {text.noOffline}
        </Text>
      )}
    </Stack>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
