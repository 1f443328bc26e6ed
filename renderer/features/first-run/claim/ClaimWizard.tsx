import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useCall } from '#renderer/bridge/index.ts';
import { FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { CallOutput, SessionView } from '#shared/contracts/ipc/index.ts';
import { StepHead } from '../StepHead.tsx';
import { guessDeviceName, isDesktop } from '../this-device.ts';
import { BrowserStep } from './BrowserStep.tsx';
import { CheckStep } from './CheckStep.tsx';
import { CoreStep } from './CoreStep.tsx';
import { type ClaimInput, type ClaimStep, claimSteps, nextStep } from './claim-steps.ts';
import { NamesStep } from './NamesStep.tsx';
import { WelcomeStep } from './WelcomeStep.tsx';
import { WordsStep } from './WordsStep.tsx';

const steps = claimSteps(isDesktop);

/** Claims a core that belongs to nobody yet: its key compared, the code, names, recovery words written and checked. */
export function ClaimWizard({ session, onJoin }: { session: SessionView; onJoin: (() => void) | undefined }) {
  const [step, setStep] = useState<ClaimStep>('welcome');
  const [input, setInput] = useState<ClaimInput>({
    setupCode: '',
    fleetName: words.firstRun.names.fleetDefault,
    personName: '',
    deviceName: guessDeviceName(navigator.userAgent, isDesktop),
  });
  const [made, setMade] = useState<CallOutput<'beginClaim'> | null>(null);
  const [typed, setTyped] = useState<readonly string[]>(['', '', '']);
  const begin = useCall('beginClaim');
  const finish = useCall('finishClaim');
  const [, navigate] = useLocation();
  const place = { at: steps.indexOf(step), of: steps.length - 1 };
  const goOn = () => setStep(nextStep(steps, step));

  if (session.phase === 'claiming' && made === null && !begin.busy)
    return <LostClaim onBegin={() => setStep('names')} />;

  const submitNames = async () => {
    const result = await begin.run(input);
    if (!result.ok) return;
    setMade(result.value);
    setTyped(['', '', '']);
    goOn();
  };
  const claim = async () => {
    if (made === null) return;
    const answers = made.ask.map((asked, index) => ({
      place: asked,
      word: (typed[index] ?? '').trim().toLowerCase(),
    }));
    const result = await finish.run({ words: answers });
    if (result.ok) navigate('/', { replace: true });
  };

  switch (step) {
    case 'welcome':
      return <WelcomeStep onNext={goOn} onJoin={onJoin} />;
    case 'core':
      return <CoreStep core={session.core} place={place} onNext={goOn} onBack={() => setStep('welcome')} />;
    case 'names':
      return (
        <NamesStep
          input={input}
          onChange={setInput}
          needsAddress={session.core.address === ''}
          place={place}
          busy={begin.busy}
          fault={begin.fault}
          onNext={() => void submitNames()}
          onBack={() => setStep(isDesktop ? 'welcome' : 'core')}
        />
      );
    case 'words':
      return made && <WordsStep words={made.words} place={place} onNext={goOn} />;
    case 'check':
      return (
        made && (
          <CheckStep
            words={made.words}
            ask={made.ask}
            typed={typed}
            onTyped={setTyped}
            place={place}
            busy={finish.busy}
            fault={finish.fault}
            onNext={isDesktop ? () => void claim() : goOn}
            onBack={() => setStep('words')}
          />
        )
      );
    case 'browser':
      return (
        <BrowserStep
          place={place}
          busy={finish.busy}
          fault={finish.fault}
          onNext={() => void claim()}
          onBack={() => setStep('check')}
        />
      );
  }
}

/** The words were shown on a page that is gone: they can not be shown again. */
function LostClaim({ onBegin }: { onBegin: () => void }) {
  const { run, busy, fault } = useCall('cancelClaim');
  const text = words.firstRun.lost;
  return (
    <>
      <StepHead title={text.title} text={text.text} />
      <FaultNotice fault={fault} />
      <Button
        loading={busy}
        onClick={() =>
          void run({}).then((result) => {
            if (result.ok) onBegin();
          })
        }
      >
        {text.again}
      </Button>
    </>
  );
}
