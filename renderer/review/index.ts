/** What all contexts show of plans, jobs and states. */
export { type Followed, useConfirmAndFollow } from './confirm-and-follow.ts';
export { JobProgress } from './JobProgress.tsx';
export { PlanReview, type PlanReviewProps } from './PlanReview.tsx';
export { AppStatusBadge, JobStateBadge, NodeStatusBadge } from './StatusBadges.tsx';
