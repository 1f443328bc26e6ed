import { VisuallyHidden } from '@mantine/core';
import {
  type Icon,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleMinus,
  IconCircleXFilled,
  IconProgress,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { words } from '#renderer/words/index.ts';
import classes from './ProgressSteps.module.css';

export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'skipped';

export interface ProgressStep {
  id: string;
  title: ReactNode;
  state: StepState;
  /** What happens or happened in it. */
  text?: ReactNode;
  /** At the right: a time or a duration. */
  aside?: ReactNode;
}

const icons: Record<StepState, Icon> = {
  waiting: IconCircle,
  running: IconProgress,
  done: IconCircleCheckFilled,
  failed: IconCircleXFilled,
  skipped: IconCircleMinus,
};

/** Steps of one piece of work, one under the other, as they go. */
export function ProgressSteps({ steps, label }: { steps: readonly ProgressStep[]; label: string }) {
  return (
    <ol className={classes.steps} aria-label={label}>
      {steps.map(({ id, title, state, text, aside }) => {
        const Shown = icons[state];
        return (
          <li
            key={id}
            className={classes.step}
            data-state={state}
            aria-current={state === 'running' ? 'step' : undefined}
          >
            <Shown size={16} aria-hidden className={classes.icon} />
            <div className={classes.body}>
              <div className={classes.line}>
                <span className={classes.title}>
                  {title}
                  <VisuallyHidden component="span">: {words.ui.stepState[state]}</VisuallyHidden>
                </span>
                {aside && <span className={classes.aside}>{aside}</span>}
              </div>
              {text && <div className={classes.text}>{text}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
