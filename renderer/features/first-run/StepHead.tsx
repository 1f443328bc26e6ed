import { Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { words } from '#renderer/words/index.ts';
import classes from './StepHead.module.css';

/** Heading of one step; takes the focus, so that a screen reader begins there. */
export function StepHead({
  title,
  text,
  step,
}: {
  title: string;
  text?: ReactNode;
  step?: { at: number; of: number };
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Overseer`;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [title]);
  return (
    <div className={classes.head}>
      {step && (
        <>
          <div className={classes.dots} aria-hidden>
            {Array.from({ length: step.of }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: dots are all alike
              <span key={index} data-done={index < step.at || undefined} />
            ))}
          </div>
          <Text size="xs" c="dimmed" mb={4}>
            {words.firstRun.steps(step.at, step.of)}
          </Text>
        </>
      )}
      <Title order={1} ref={heading} tabIndex={-1}>
        {title}
      </Title>
      {text && (
        <Text c="dimmed" mt={8} component="div">
          {text}
        </Text>
      )}
    </div>
  );
}
