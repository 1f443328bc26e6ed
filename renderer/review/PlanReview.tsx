import {
  Alert,
  Anchor,
  Button,
  Checkbox,
  Group,
  List,
  Skeleton,
  Stack,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import { IconAlertTriangle, IconClockPause, IconCloudOff, IconTrash, IconUserQuestion } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { FaultNotice, RelativeTime } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { bytes } from '#renderer/words/values.ts';
import type { PlanLineView, PlanView } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { type Followed, useConfirmAndFollow } from './confirm-and-follow.ts';
import { isConfirmable } from './confirmable.ts';
import { JobProgress } from './JobProgress.tsx';
import { OwnerSignature } from './OwnerSignature.tsx';
import classes from './PlanReview.module.css';
import { placeOfOrder } from './place-of-fault.ts';
import { groupPlanLines, linesApart } from './plan-groups.ts';

const ComposeDiff = lazy(() => import('./ComposeDiff.tsx'));
const text = words.review;

export interface PlanReviewProps {
  plan: PlanView;
  /** Signed and sent, or waiting. The review goes on to show the progress itself. */
  onFollowed?: (followed: Followed) => void;
  /** Beside the confirming button: back, discard. */
  actions?: ReactNode;
}

/**
 * A plan as a person judges it: each line with what it does, what it costs, what is in the way. Confirming signs it (or
 * keeps it for the core), and the same place then shows how it goes.
 */
export function PlanReview({ plan, onFollowed, actions }: PlanReviewProps) {
  const { confirm, busy, fault, followed } = useConfirmAndFollow(onFollowed);
  const [withWaiting, setWithWaiting] = useState(false);
  if (followed?.kind === 'jobs') return <Jobs jobs={followed.jobs} urls={plan.urls} />;
  if (followed?.kind === 'waiting') return <Waiting />;

  const { verb, appId, node } = plan;
  const placeOf = (fault: Fault) => placeOfOrder(fault, { verb, appId, nodeId: node.nodeId });
  const isBlocked = plan.blocked.length > 0;
  const { asked, waiting } = linesApart(plan);
  const isRed = plan.deletes.length > 0 || plan.verb === 'remove';
  return (
    <Stack gap="md" className={classes.review}>
      {plan.asOf !== null && <AsOf at={plan.asOf} />}
      {isBlocked && (
        <Stack gap="xs">
          <Title order={3} size="h4">
            {text.blocked}
          </Title>
          {plan.blocked.map((one) => (
            <FaultNotice key={`${one.code} ${one.message}`} fault={one} link={placeOf(one)} />
          ))}
        </Stack>
      )}
      {plan.asked && <Asked by={plan.asked.by} note={plan.asked.note} />}
      <Lines lines={asked} downtime={plan.downtime} />
      {waiting.length > 0 && (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle size={20} aria-hidden />}
          title={text.waitedBefore(waiting.length)}
        >
          <ul className={classes.lines}>
            {waiting.map((line) => (
              <Line key={line.id} line={line} />
            ))}
          </ul>
          <Checkbox
            mt="sm"
            label={text.withWaiting}
            checked={withWaiting}
            onChange={(event) => setWithWaiting(event.currentTarget.checked)}
          />
        </Alert>
      )}
      {plan.deletes.length > 0 && (
        <Alert color="red" icon={<IconTrash size={20} aria-hidden />} title={text.deletes}>
          <List size="sm">
            {plan.deletes.map(({ volume, sizeBytes }) => (
              <List.Item key={volume}>{text.volumeOf(volume, sizeBytes === null ? null : bytes(sizeBytes))}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {plan.byHand.length > 0 && (
        <div>
          <Title order={3} size="h4" mb={4}>
            {text.byHand}
          </Title>
          <List size="sm">
            {plan.byHand.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
        </div>
      )}
      {plan.stack !== null && <Compare stack={plan.stack} />}
      <FaultNotice fault={fault} link={fault ? placeOf(fault) : undefined} />
      {plan.ownerCommand !== null && !isBlocked ? (
        <>
          <OwnerSignature
            plan={plan}
            command={plan.ownerCommand}
            onJob={(job) => onFollowed?.({ kind: 'jobs', jobs: [job] })}
          />
          {actions && <Group gap="xs">{actions}</Group>}
        </>
      ) : (
        <Group gap="xs" justify="flex-end">
          {actions}
          <Button
            color={isRed ? 'red' : undefined}
            disabled={!isConfirmable(plan) || (waiting.length > 0 && !withWaiting)}
            loading={busy}
            onClick={() => void confirm(plan)}
          >
            {text.verbAct[plan.verb]}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** Who asks for what is signed here. */
function Asked({ by, note }: { by: NonNullable<PlanView['asked']>['by']; note: string }) {
  return (
    <Alert icon={<IconUserQuestion size={20} aria-hidden />} title={text.askedBy(by.kind, by.name)}>
      {note !== '' && (
        <Text size="sm" mb={4}>
          {note}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {text.askedWord}
      </Text>
    </Alert>
  );
}

function Lines({ lines: all, downtime }: { lines: readonly PlanLineView[]; downtime: PlanView['downtime'] }) {
  const { groups, exceptions } = groupPlanLines(all);
  return (
    <>
      {exceptions.length > 0 && (
        <Alert color="yellow" icon={<IconAlertTriangle size={20} aria-hidden />} title={text.exceptions}>
          <ul className={classes.lines}>
            {exceptions.map((line) => (
              <Line key={line.id} line={line} />
            ))}
          </ul>
        </Alert>
      )}
      <div className={classes.plan}>
        {groups.length === 0 && exceptions.length === 0 && <Text size="sm">{text.noLines}</Text>}
        {groups.map(({ subject, lines }) => (
          <div key={subject} className={classes.group}>
            <div className={classes.subject}>{text.subject[subject]}</div>
            <ul className={classes.lines}>
              {lines.map((line) => (
                <Line key={line.id} line={line} />
              ))}
            </ul>
          </div>
        ))}
        <div className={classes.group}>
          <div className={classes.subject}>{text.downtime}</div>
          <div className={classes.downtime}>
            {downtime.kind !== 'none' && <IconClockPause size={16} aria-hidden />}
            {downtime.text}
          </div>
        </div>
      </div>
    </>
  );
}

const signs = { add: '+', change: '~', remove: '−' } as const;

function Line({ line }: { line: PlanLineView }) {
  return (
    <li className={classes.line} data-change={line.change}>
      <span className={classes.sign} aria-hidden>
        {signs[line.change]}
      </span>
      <span className={classes.text}>
        <VisuallyHidden>{text.change[line.change]}: </VisuallyHidden>
        {line.text}
      </span>
    </li>
  );
}

function AsOf({ at }: { at: string }) {
  return (
    <Alert
      color="yellow"
      icon={<IconCloudOff size={20} aria-hidden />}
      title={
        <>
          {text.asOf} <RelativeTime at={at} />
        </>
      }
    >
      {text.whenBack}
    </Alert>
  );
}

function Compare({ stack }: { stack: NonNullable<PlanView['stack']> }) {
  const [shown, setShown] = useState(false);
  return (
    <div>
      <Button variant="subtle" size="xs" px={0} onClick={() => setShown(!shown)} aria-expanded={shown}>
        {shown ? text.hideCompare : text.compare}
      </Button>
      {shown && (
        <Suspense fallback={<Skeleton height={160} />}>
          <ComposeDiff before={stack.before} after={stack.after} />
        </Suspense>
      )}
    </div>
  );
}

function Jobs({ jobs, urls }: { jobs: readonly string[]; urls: readonly string[] }) {
  return (
    <Stack gap="lg">
      {jobs.map((jobId) => (
        <JobProgress key={jobId} jobId={jobId} urls={urls} />
      ))}
    </Stack>
  );
}

function Waiting() {
  return (
    <Alert role="status" color="yellow" icon={<IconCloudOff size={20} aria-hidden />} title={text.waiting}>
      <Anchor component={Link} href="/plan" size="sm">
        {text.waitingLink}
      </Anchor>
    </Alert>
  );
}
