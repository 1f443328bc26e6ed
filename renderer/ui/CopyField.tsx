import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useId } from 'react';
import { words } from '#renderer/words/index.ts';
import classes from './CopyField.module.css';

/** A value to take elsewhere: a command, an address, a fingerprint. Marks itself as a whole, copies with one press. */
export function CopyField({
  value,
  label,
  text,
  wrap = false,
}: {
  value: string;
  label: string;
  /** Shown instead of the value, for instance in groups. */
  text?: string;
  /** Several lines instead of one that scrolls. */
  wrap?: boolean;
}) {
  const id = useId();
  const Field = wrap ? 'textarea' : 'input';
  return (
    <div className={classes.field}>
      <label className={classes.label} htmlFor={id}>
        {label}
      </label>
      <div className={classes.box}>
        <Field
          id={id}
          className={classes.value}
          readOnly
          value={text ?? value}
          spellCheck={false}
          {...(wrap ? { rows: 2 } : {})}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? words.ui.copied : words.ui.copy}>
              <ActionIcon
                variant="subtle"
                color={copied ? 'green' : 'gray'}
                aria-label={copied ? words.ui.copied : words.ui.copyLabel(label)}
                onClick={copy}
              >
                {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </div>
    </div>
  );
}
