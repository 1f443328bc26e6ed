/** Parts of screens that know no app, node or device. */
export { CodeBlock } from './CodeBlock.tsx';
export { CopyField } from './CopyField.tsx';
export { DangerConfirm, type DangerConfirmProps } from './DangerConfirm.tsx';
export { EmptyState } from './EmptyState.tsx';
export { FaultNotice, type FaultNoticeProps } from './FaultNotice.tsx';
export { FilterInput } from './FilterInput.tsx';
export { KeyHint } from './KeyHint.tsx';
export { notifyDone, notifyFault } from './notify.ts';
export { PageHeader, type PageHeaderProps } from './PageHeader.tsx';
export { type ProgressStep, ProgressSteps, type StepState } from './ProgressSteps.tsx';
export { RelativeTime } from './RelativeTime.tsx';
export { type Column, Rows, type RowsProps } from './rows/Rows.tsx';
export type { Sort, SortKey } from './rows/sort-rows.ts';
export { Section } from './Section.tsx';
export { CardsSkeleton, PageSkeleton, RowsSkeleton } from './Skeletons.tsx';
export { StatusBadge, type StatusBadgeProps, type Tone } from './StatusBadge.tsx';
export { Toolbar } from './Toolbar.tsx';
export { useNowMs } from './ticking-clock.ts';
