import { Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { StepHead } from '../StepHead.tsx';
import { isDesktop } from '../this-device.ts';
import type { ClaimInput } from './claim-steps.ts';
import { StepButtons } from './StepButtons.tsx';

const text = words.firstRun.names;

/** The setup code, and names for the fleet, the person and this device. */
export function NamesStep(props: {
  input: ClaimInput;
  onChange: (input: ClaimInput) => void;
  needsAddress: boolean;
  place: { at: number; of: number };
  busy: boolean;
  fault: Fault | null;
  onNext: () => void;
  onBack: () => void;
}) {
  const { input, onChange, needsAddress, place, busy, fault, onNext, onBack } = props;
  const [wasSent, setWasSent] = useState(false);
  const fields = needsAddress
    ? (['address', 'setupCode', 'fleetName', 'personName', 'deviceName'] as const)
    : (['setupCode', 'fleetName', 'personName', 'deviceName'] as const);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasSent(true);
    if (fields.every((field) => (input[field] ?? '').trim() !== '')) onNext();
  };
  const bind = (field: (typeof fields)[number]) => {
    const value = input[field] ?? '';
    const missing = wasSent && value.trim() === '' ? text.needed : undefined;
    return {
      value,
      required: true,
      maxLength: field === 'setupCode' ? 256 : field === 'address' ? 300 : 63,
      error: missing ?? (fault?.field === field ? fault.message : undefined),
      onChange: (event: FormEvent<HTMLInputElement>) => onChange({ ...input, [field]: event.currentTarget.value }),
    };
  };
  const code = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false } as const;
  return (
    <form onSubmit={submit} noValidate>
      <StepHead title={text.title} step={place} />
      <Stack gap="md">
        {needsAddress && (
          <TextInput
            {...bind('address')}
            {...code}
            label={words.firstRun.address.label}
            description={words.firstRun.address.text}
            placeholder={words.firstRun.address.example}
          />
        )}
        <TextInput
          {...bind('setupCode')}
          {...code}
          label={text.code}
          description={text.codeText}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <TextInput {...bind('personName')} label={text.person} description={text.personText} autoComplete="name" />
        <TextInput {...bind('fleetName')} label={text.fleet} description={text.fleetText} autoComplete="off" />
        <TextInput
          {...bind('deviceName')}
          label={isDesktop ? text.desktop : text.device}
          description={text.deviceText}
          autoComplete="off"
        />
        {(fault?.field === undefined || !fields.some((field) => field === fault.field)) && (
          <FaultNotice fault={fault} />
        )}
      </Stack>
      <StepButtons next={text.begin} busy={busy} onBack={onBack} />
    </form>
  );
}
