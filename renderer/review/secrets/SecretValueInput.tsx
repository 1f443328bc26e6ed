import { Switch, Textarea } from '@mantine/core';
import { type Ref, useState } from 'react';
import { words } from '#renderer/words/index.ts';
import classes from './SecretValueInput.module.css';

/**
 * Where a person types or pastes a secret. The value lives in the field alone, never in the state of a component, and is
 * gone with it. A text area, because keys have several lines and because password managers leave it alone.
 */
export function SecretValueInput({ ref, error }: { ref: Ref<HTMLTextAreaElement>; error: string | null }) {
  const [isShown, setShown] = useState(false);
  return (
    <div>
      <Textarea
        ref={ref}
        label={words.secrets.value}
        description={words.secrets.valueHint}
        error={error}
        rows={3}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        data-1p-ignore
        data-lpignore="true"
        data-autofocus
        classNames={{ input: isShown ? classes.shown : classes.hidden }}
      />
      <Switch
        mt={8}
        size="xs"
        label={words.secrets.showTyped}
        checked={isShown}
        onChange={(event) => setShown(event.currentTarget.checked)}
      />
    </div>
  );
}
