import { List, Stack, Text, Title } from '@mantine/core';
import { CopyField } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { fingerprint } from '#renderer/words/values.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { StepHead } from '../StepHead.tsx';
import { StepButtons } from './StepButtons.tsx';

const text = words.firstRun.core;

/** First contact: the certificate that the browser warned of, and how to know that it is the right one. */
export function CoreStep(props: {
  core: SessionView['core'];
  place: { at: number; of: number };
  onNext: () => void;
  onBack: () => void;
}) {
  const { core, place, onNext, onBack } = props;
  return (
    <>
      <StepHead title={text.title} text={text.text} step={place} />
      <Stack gap="md">
        {core.fingerprint === null ? (
          <Text size="sm">{text.none}</Text>
        ) : (
          <CopyField label={text.fingerprint} value={core.fingerprint} text={fingerprint(core.fingerprint)} wrap />
        )}
        <div>
          <Title order={2} size="h4" mb={4}>
            {text.where}
          </Title>
          <List size="sm" spacing={4}>
            <List.Item>{text.onCore}</List.Item>
            <List.Item>{text.inBrowser}</List.Item>
          </List>
        </div>
        <Text size="sm" c="dimmed">
          {text.cli}
        </Text>
      </Stack>
      <StepButtons next={text.same} onNext={onNext} onBack={onBack} />
    </>
  );
}
