/** The one Compose editor, with what the guardrails say of the text. It is loaded when it is first shown. */
import { lazy } from 'react';

export type { ComposeEditorHandle } from './ComposeEditor.tsx';
export type { AppNames } from './complete-compose.ts';
export type { EditorContent, SharedText } from './content.ts';
export type { ComposeFinding } from './finding.ts';
export { type Judged, useJudge } from './use-judge.ts';

export const ComposeEditing = lazy(() => import('./ComposeEditing.tsx'));
