import { Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { StepHead } from '../StepHead.tsx';
import { isSameWord } from './claim-steps.ts';
import { StepButtons } from './StepButtons.tsx';

const text = words.firstRun.check;

/** Three of the words asked back, so that a slip of the pen shows now and not in a year. */
export function CheckStep(props: {
  words: readonly string[];
  ask: readonly number[];
  typed: readonly string[];
  onTyped: (typed: readonly string[]) => void;
  place: { at: number; of: number };
  busy: boolean;
  fault: Fault | null;
  onNext: () => void;
  onBack: () => void;
}) {
  const { ask, typed, onTyped, place, busy, fault, onNext, onBack } = props;
  const [wasSent, setWasSent] = useState(false);
  const isRight = (index: number) => isSameWord(typed[index] ?? '', props.words[ask[index] ?? -1]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasSent(true);
    if (ask.every((_, index) => isRight(index))) onNext();
  };
  return (
    <form onSubmit={submit} noValidate>
      <StepHead title={text.title} text={text.text} step={place} />
      <Stack gap="md">
        {ask.map((asked, index) => (
          <TextInput
            key={asked}
            label={text.word(asked)}
            value={typed[index] ?? ''}
            onChange={(event) => onTyped(typed.map((word, at) => (at === index ? event.currentTarget.value : word)))}
            error={wasSent && !isRight(index) ? text.wrong : undefined}
            autoComplete="off"
            autoCapitalize="off"
            autoCorrect="off"
            spellCheck={false}
            maxLength={32}
            maw={320}
          />
        ))}
        <FaultNotice fault={fault} />
      </Stack>
      <StepButtons next={text.next} busy={busy} onBack={onBack} />
    </form>
  );
}
