import { Button, Group } from '@mantine/core';
import { words } from '#renderer/words/index.ts';

/** Back and on, at the foot of a step. Without `onNext` the button submits the form around it. */
export function StepButtons({
  next,
  onNext,
  onBack,
  busy = false,
  disabled = false,
}: {
  next: string;
  onNext?: () => void;
  onBack?: () => void;
  busy?: boolean;
  disabled?: boolean;
}) {
  return (
    <Group justify="space-between" mt="xl">
      {onBack ? (
        <Button variant="default" onClick={onBack}>
          {words.firstRun.back}
        </Button>
      ) : (
        <span />
      )}
      <Button type={onNext ? 'button' : 'submit'} onClick={onNext} loading={busy} disabled={disabled}>
        {next}
      </Button>
    </Group>
  );
}
