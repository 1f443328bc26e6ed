/** What all contexts show of plans, jobs and states. */
export { type Followed, useConfirmPlan } from './confirm-and-follow.ts';
export { isConfirmable, isHarmless } from './confirmable.ts';
export { decideHolding, type HoldingKind } from './holding.ts';
export { JobProgress } from './JobProgress.tsx';
export { PlanReview, type PlanReviewProps } from './PlanReview.tsx';
export { placeOfFault } from './place-of-fault.ts';
export { AppStatusBadge, JobStateBadge, jobWord, NodeHoldingBadge, NodeStatusBadge } from './StatusBadges.tsx';
export { isWatched } from './watched-jobs.ts';
