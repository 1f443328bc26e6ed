import { Alert, Button, Checkbox, Stack, Text } from '@mantine/core';
import { IconClipboardOff, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { words } from '#renderer/words/index.ts';
import { StepHead } from '../StepHead.tsx';
import { StepButtons } from './StepButtons.tsx';
import classes from './WordsStep.module.css';

const text = words.firstRun.words;

/** The recovery words, once. Made to be written on paper: there is no button that copies. */
export function WordsStep(props: { words: readonly string[]; place: { at: number; of: number }; onNext: () => void }) {
  const [isWritten, setWritten] = useState(false);
  return (
    <>
      <StepHead title={text.title} text={text.text} step={props.place} />
      <Stack gap="md">
        <Text size="sm">{text.how}</Text>
        <div className={classes.paper}>
          <div className={classes.printTitle}>{text.printTitle}</div>
          <ol className={classes.words} aria-label={text.listLabel}>
            {props.words.map((word, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a word may stand twice, its place may not
              <li key={place}>
                <span className={classes.place} aria-hidden>
                  {place + 1}
                </span>
                {word}
              </li>
            ))}
          </ol>
        </div>
        <Alert color="yellow" icon={<IconClipboardOff size={20} aria-hidden />}>
          {text.noCopy}
        </Alert>
        <Button
          variant="default"
          leftSection={<IconPrinter size={16} aria-hidden />}
          onClick={() => window.print()}
          style={{ alignSelf: 'flex-start' }}
        >
          {text.print}
        </Button>
        <Checkbox
          label={text.written}
          checked={isWritten}
          onChange={(event) => setWritten(event.currentTarget.checked)}
        />
      </Stack>
      <StepButtons next={words.firstRun.next} onNext={props.onNext} disabled={!isWritten} />
    </>
  );
}
