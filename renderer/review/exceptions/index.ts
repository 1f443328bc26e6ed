/** Guardrails that are set aside, with the reason for each. */
export { AllowDialog, type Allowed } from './AllowDialog.tsx';
export { ExceptionList } from './ExceptionList.tsx';
export { standingFindings } from './standing-findings.ts';
