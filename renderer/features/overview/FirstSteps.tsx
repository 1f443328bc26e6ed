import { Button, VisuallyHidden } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useRows, useValue } from '#renderer/bridge/index.ts';
import { Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import classes from './FirstSteps.module.css';
import { firstSteps } from './first-steps.ts';

const text = words.overview.start;

/** What a new fleet still lacks; gone when nothing does. */
export function FirstSteps() {
  const { value: session } = useValue('session', {});
  const nodes = useRows('nodes', {});
  const apps = useRows('apps', {});
  const jobs = useRows('jobs', {});
  const devices = useRows('devices', {});
  if (!session || !nodes.ready || !apps.ready || !devices.ready) return null;
  const steps = firstSteps({
    nodes: nodes.rows,
    apps: apps.rows,
    jobs: jobs.rows,
    devices: devices.rows,
    isProvisional: session.device?.role === 'provisional-owner',
  });
  if (steps.length === 0) return null;
  const done = steps.filter(({ isDone }) => isDone).length;
  const next = steps.find(({ isDone, action }) => !isDone && action !== null);
  return (
    <Section title={text.title} text={text.text(done, steps.length)}>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step.id} className={classes.step} data-done={step.isDone || undefined}>
            {step.isDone ? (
              <IconCircleCheckFilled size={20} aria-hidden className={classes.done} />
            ) : (
              <IconCircle size={20} aria-hidden className={classes.open} />
            )}
            <div className={classes.body}>
              <div className={classes.title}>
                {step.title}
                {step.isDone && <VisuallyHidden component="span">: {text.done}</VisuallyHidden>}
              </div>
              <div className={classes.text}>{step.text}</div>
            </div>
            {!step.isDone && step.action && (
              <Button component={Link} href={step.action.href} variant={step === next ? 'filled' : 'default'}>
                {step.action.label}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}
