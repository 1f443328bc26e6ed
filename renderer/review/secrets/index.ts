/** What more than one screen shows of secrets. */
export { RevealSecret } from './RevealSecret.tsx';
export { SecretDialog, type SecretDialogProps, type SecretMode } from './SecretDialog.tsx';
export { SecretState } from './SecretState.tsx';
export { SecretUses } from './SecretUses.tsx';
export { draftUses, faultOfUse, type SecretUse, type UseDraft, usesOfDrafts } from './secret-uses.ts';
export { UsesEditor } from './UsesEditor.tsx';
