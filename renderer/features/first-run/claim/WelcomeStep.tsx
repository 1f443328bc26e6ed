import { Anchor, Button, List, Stack, Text } from '@mantine/core';
import { words } from '#renderer/words/index.ts';
import { StepHead } from '../StepHead.tsx';

const text = words.firstRun.welcome;

/** What this is, and what comes. */
export function WelcomeStep({ onNext, onJoin }: { onNext: () => void; onJoin: (() => void) | undefined }) {
  return (
    <>
      <StepHead title={text.title} text={text.text} />
      <Stack gap="lg">
        <div>
          <Text mb={8}>{text.plan}</Text>
          <List type="ordered" spacing={8}>
            {text.steps.map((step) => (
              <List.Item key={step}>{step}</List.Item>
            ))}
          </List>
        </div>
        <Button size="md" onClick={onNext}>
          {text.begin}
        </Button>
        {onJoin && (
          <Anchor component="button" type="button" size="sm" onClick={onJoin} ta="center">
            {text.join}
          </Anchor>
        )}
      </Stack>
    </>
  );
}
