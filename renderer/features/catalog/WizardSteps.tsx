import { IconCheck } from '@tabler/icons-react';
import { words } from '#renderer/words/index.ts';
import classes from './catalog.module.css';

const text = words.catalog.deploy;
const order = ['set', 'plan', 'run'] as const;

export type WizardStep = (typeof order)[number];

/** Where in the wizard one is. */
export function WizardSteps({ at }: { at: WizardStep }) {
  const index = order.indexOf(at);
  return (
    <ol className={classes.steps} aria-label={text.progress}>
      {order.map((step, place) => (
        <li key={step} aria-current={place === index ? 'step' : undefined} data-done={place < index || undefined}>
          <span className={classes.stepMark} aria-hidden>
            {place < index ? <IconCheck size={14} /> : place + 1}
          </span>
          {text.steps[step]}
        </li>
      ))}
    </ol>
  );
}
