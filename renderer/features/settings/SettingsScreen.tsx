import { Anchor, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useValue } from '#renderer/bridge/index.ts';
import {
  CopyField,
  Facts,
  PageHeader,
  PageSkeleton,
  RelativeTime,
  Section,
  StatusBadge,
  type Tone,
} from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { fingerprint } from '#renderer/words/values.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { ForgetDevice } from './ForgetDevice.tsx';
import { OfflineSection } from './OfflineSection.tsx';
import classes from './settings.module.css';

const text = words.settings;

/** Settings of this device; those of the fleet stand where they work: nodes, devices, apps. */
export function SettingsScreen() {
  const { value: session } = useValue('session', {});
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  if (!session) return <PageSkeleton />;
  return (
    <div className={classes.page}>
      <PageHeader title={text.title} />
      <Section title={text.theme.title}>
        <SegmentedControl
          aria-label={text.theme.label}
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}
          data={[
            { value: 'auto', label: text.theme.auto },
            { value: 'light', label: text.theme.light },
            { value: 'dark', label: text.theme.dark },
          ]}
        />
      </Section>
      <ThisDevice session={session} />
      <Core session={session} />
      <OfflineSection session={session} />
      <ForgetDevice session={session} />
      <Section title={text.about.title}>
        <Stack gap="sm">
          <Text size="sm">{text.about.text}</Text>
          <Facts
            facts={[
              [text.about.version, VERSION],
              [text.about.license, text.about.licenseName],
            ]}
          />
        </Stack>
      </Section>
    </div>
  );
}

function ThisDevice({ session }: { session: SessionView }) {
  const { device, fleet } = session;
  if (device === null) return null;
  return (
    <Section
      title={text.device.title}
      actions={
        <Anchor component={Link} href="/devices" size="sm">
          {words.app.nav.devices}
        </Anchor>
      }
    >
      <Facts
        facts={[
          [text.device.name, device.name],
          [text.device.kind, words.devices.kinds[device.kind]],
          [
            text.device.role,
            <span key="role">
              <strong>{words.devices.roles[device.role]}</strong>
              <Text size="sm" c="dimmed">
                {words.devices.may[device.role]}
              </Text>
            </span>,
          ],
          [text.device.person, device.person],
          [text.device.fleet, fleet?.name ?? '–'],
          [text.device.id, <code key="id">{device.deviceId}</code>],
        ]}
      />
    </Section>
  );
}

const contactTones: Record<SessionView['core']['contact']['state'], Tone> = {
  connecting: 'busy',
  reachable: 'good',
  away: 'warn',
};

function Core({ session }: { session: SessionView }) {
  const { core } = session;
  const facts: [string, ReactNode][] = [
    [text.core.address, core.address],
    [
      text.core.contact,
      <span key="contact" className={classes.line}>
        <StatusBadge
          tone={contactTones[core.contact.state]}
          word={text.core.contacts[core.contact.state]}
          title={core.contact.fault?.message}
          plain
        />
        <Text size="sm" c="dimmed" span>
          <RelativeTime at={core.contact.since} />
        </Text>
      </span>,
    ],
    [text.core.version, core.version ?? '–'],
    [text.core.screens, VERSION],
  ];
  return (
    <Section title={text.core.title}>
      <Stack gap="md">
        <Facts facts={facts} />
        {core.fingerprint === null ? (
          <Text size="sm" c="dimmed">
            {text.core.noFingerprint}
          </Text>
        ) : (
          <div>
            <CopyField
              label={text.core.fingerprint}
              value={core.fingerprint}
              text={fingerprint(core.fingerprint)}
              wrap
            />
            <Text size="sm" c="dimmed" mt={4}>
              {text.core.fingerprintHelp}
            </Text>
          </div>
        )}
      </Stack>
    </Section>
  );
}
