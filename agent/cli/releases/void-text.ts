import type { SignedRelease } from '#shared/device/index.ts';

/** What it means that the last release was signed by a device that was revoked since; undefined where it stands. */
export function voidText(app: string, base: Pick<SignedRelease, 'number' | 'voidSigner'> | null): string | undefined {
  if (!base?.voidSigner) return undefined;
  return `release ${base.number} does not stand: "${base.voidSigner}", which signed it, was revoked. It runs on until somebody deploys anew: overseer apps deploy ${app}`;
}
