import { Anchor, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangleFilled, IconCircleCheckFilled, IconCircleXFilled } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useRows, useValue } from '#renderer/bridge/index.ts';
import { RelativeTime, Section, useNowMs } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import classes from './AttentionList.module.css';
import { findAttention } from './attention.ts';

const text = words.overview.attention;

/** What needs a decision, each with the way to it. */
export function AttentionList() {
  const nowMs = useNowMs();
  const { rows: nodes, ready } = useRows('nodes', {});
  const { rows: apps } = useRows('apps', {});
  const { rows: jobs } = useRows('jobs', {});
  const { rows: invitations } = useRows('invitations', {});
  const { rows: requests } = useRows('deviceRequests', {});
  const { rows: proposals } = useRows('proposals', {});
  const { value: pending } = useValue('pending', {});
  const { value: session } = useValue('session', {});
  const notices = session?.notices ?? [];
  if (!ready || nodes.length + apps.length + requests.length + invitations.length + proposals.length === 0) return null;
  const found = findAttention({ nodes, apps, jobs, invitations, requests, proposals, pending, notices }, nowMs);
  if (found.length === 0)
    return (
      <p className={classes.none}>
        <IconCircleCheckFilled size={18} aria-hidden className={classes.good} />
        {text.none}
      </p>
    );
  return (
    <Section title={text.title} bare>
      <ul className={classes.list}>
        {found.map((one) => {
          const Shown = one.tone === 'bad' ? IconCircleXFilled : IconAlertTriangleFilled;
          return (
            <li key={one.id} className={classes.item}>
              <Shown size={18} aria-hidden className={classes[one.tone]} />
              <span className={classes.text}>{one.text}</span>
              {one.at && (
                <span className={classes.at}>
                  <RelativeTime at={one.at} />
                </span>
              )}
              <Anchor component={Link} href={one.href} size="sm" className={classes.act}>
                {one.act}
                <VisuallyHidden>: {one.text}</VisuallyHidden>
              </Anchor>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
