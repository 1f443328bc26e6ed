import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { words } from '#renderer/words/index.ts';
import classes from './CodeBlock.module.css';

/** Text of a machine, exactly as it is; scrolls within itself. */
export function CodeBlock({ text, label, maxHeight = 400 }: { text: string; label: string; maxHeight?: number }) {
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.scroll} style={{ maxHeight }} aria-label={label} tabIndex={0}>
        <pre className={classes.text}>{text}</pre>
      </section>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? words.ui.copied : words.ui.copy}>
            <ActionIcon
              className={classes.copy}
              variant="default"
              aria-label={copied ? words.ui.copied : words.ui.copyLabel(label)}
              onClick={copy}
            >
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  );
}
