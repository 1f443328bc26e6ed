import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { CopyField, FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { fingerprint } from '#renderer/words/values.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { StepHead } from '../StepHead.tsx';
import { guessDeviceName, isDesktop } from '../this-device.ts';

const text = words.firstRun.join;

/** Asks to be let into a fleet that has an owner. */
export function JoinAsk({ session, onClaim }: { session: SessionView; onClaim: (() => void) | undefined }) {
  const [deviceName, setDeviceName] = useState(() => guessDeviceName(navigator.userAgent, isDesktop));
  const [address, setAddress] = useState('');
  const { run, busy, fault } = useCall('beginJoin');
  const needsAddress = session.core.address === '';
  const canAsk = deviceName.trim() !== '' && (!needsAddress || address.trim() !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canAsk && !busy)
      void run({ deviceName: deviceName.trim(), ...(needsAddress ? { address: address.trim() } : {}) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <StepHead title={text.title(session.fleet?.name ?? null)} text={text.text} />
      <Stack gap="md">
        {!isDesktop && <Text size="sm">{text.may}</Text>}
        {needsAddress && (
          <TextInput
            label={words.firstRun.address.label}
            description={words.firstRun.address.text}
            placeholder={words.firstRun.address.example}
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
            autoCapitalize="off"
            spellCheck={false}
          />
        )}
        <TextInput
          label={isDesktop ? words.firstRun.names.desktop : text.device}
          description={words.firstRun.names.deviceText}
          value={deviceName}
          maxLength={63}
          onChange={(event) => setDeviceName(event.currentTarget.value)}
        />
        {session.core.fingerprint !== null && (
          <CopyField
            label={words.firstRun.core.fingerprint}
            value={session.core.fingerprint}
            text={fingerprint(session.core.fingerprint)}
            wrap
          />
        )}
        <FaultNotice fault={fault} />
        <Button type="submit" size="md" loading={busy} disabled={!canAsk}>
          {text.ask}
        </Button>
        {onClaim && (
          <Anchor component="button" type="button" size="sm" ta="center" onClick={onClaim}>
            {text.claim}
          </Anchor>
        )}
      </Stack>
    </form>
  );
}
