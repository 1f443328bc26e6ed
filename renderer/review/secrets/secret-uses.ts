import type { SecretRow } from '#shared/contracts/ipc/index.ts';

export type SecretUse = SecretRow['uses'][number];

/** A use as it is typed: nothing of it is sure to fit yet. */
export interface UseDraft {
  readonly key: number;
  readonly service: string;
  readonly as: 'env' | 'file';
  /** Variable or path. */
  readonly target: string;
}

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** What a use is proposed to be for a secret of this name. */
export function defaultTarget(as: 'env' | 'file', name: string): string {
  if (as === 'file') return `/run/secrets/${name}`;
  return name
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '_')
    .replace(/^[0-9]/, '_$&');
}

/** What is wrong with a use; null when nothing is. */
export function faultOfUse(draft: UseDraft): 'no-service' | 'bad-variable' | 'bad-path' | null {
  if (draft.service === '') return 'no-service';
  if (draft.as === 'env') return ENV_NAME.test(draft.target) ? null : 'bad-variable';
  const isPath = draft.target.startsWith('/') && draft.target.length <= 255 && !draft.target.includes('/../');
  return isPath && !draft.target.endsWith('/') ? null : 'bad-path';
}

/** Drafts of uses that stand already. */
export function draftUses(uses: readonly SecretUse[]): UseDraft[] {
  return uses.map((use, key) => ({
    key,
    service: use.service,
    as: use.as,
    target: use.as === 'env' ? use.env : use.path,
  }));
}

/** Uses of drafts that fit. */
export function usesOfDrafts(drafts: readonly UseDraft[]): SecretUse[] {
  return drafts.map((draft) =>
    draft.as === 'env'
      ? { as: 'env', service: draft.service, env: draft.target }
      : { as: 'file', service: draft.service, path: draft.target },
  );
}
