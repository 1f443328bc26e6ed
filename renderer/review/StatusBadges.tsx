import { StatusBadge, type Tone, useNowMs } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { AppStatus, JobRow, NodeRow } from '#shared/contracts/ipc/index.ts';
import { decideHolding } from './holding.ts';

const appTones: Record<AppStatus, Tone> = {
  running: 'good',
  degraded: 'warn',
  away: 'bad',
  stopped: 'quiet',
  removed: 'quiet',
  applying: 'busy',
  unknown: 'unknown',
  draft: 'unknown',
};

/** The state of an app. */
export function AppStatusBadge({ status, plain }: { status: AppStatus; plain?: boolean }) {
  const { appStatus, appStatusTitle } = words.review;
  return (
    <StatusBadge
      tone={appTones[status]}
      word={appStatus[status]}
      title={appStatusTitle[status]}
      plain={plain ?? false}
    />
  );
}

const nodeTones: Record<NodeRow['status'], Tone> = { online: 'good', offline: 'bad', unknown: 'unknown' };

/** Whether a node answers. */
export function NodeStatusBadge({ status, plain }: { status: NodeRow['status']; plain?: boolean }) {
  const { nodeStatus, nodeStatusTitle } = words.review;
  return (
    <StatusBadge
      tone={nodeTones[status]}
      word={nodeStatus[status]}
      title={nodeStatusTitle[status]}
      plain={plain ?? false}
    />
  );
}

/** That a node takes no change; nothing where it does. */
export function NodeHoldingBadge({ node }: { node: Pick<NodeRow, 'status' | 'holding'> }) {
  const kind = decideHolding(node, useNowMs());
  if (kind === null) return null;
  const { holding, holdingTitle } = words.review;
  return <StatusBadge tone={kind === 'asks' ? 'busy' : 'warn'} word={holding} title={holdingTitle[kind]} />;
}

/** How a job stands, or how it came out. */
export function JobStateBadge({ job, plain }: { job: Pick<JobRow, 'state' | 'outcome'>; plain?: boolean }) {
  return <StatusBadge tone={jobTone(job)} word={jobWord(job)} plain={plain ?? false} />;
}

function jobTone({ state, outcome }: Pick<JobRow, 'state' | 'outcome'>): Tone {
  if (state === 'queued' || state === 'running') return 'busy';
  if (state === 'cancelled' || outcome === 'superseded') return 'quiet';
  if (outcome === 'rolled-back') return 'warn';
  return state === 'failed' || outcome === 'failed' || outcome === 'refused' ? 'bad' : 'good';
}

/** How a job stands, in a word. */
export function jobWord({ state, outcome }: Pick<JobRow, 'state' | 'outcome'>): string {
  const isOver = state === 'done' || state === 'failed';
  return isOver && outcome !== null ? words.review.outcome[outcome] : words.review.jobState[state];
}
