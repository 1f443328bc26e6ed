import { doesReleaseStand, type ReleasePlace, type TrustView } from '#shared/trust/index.ts';

/**
 * LOG-19: the name of the device that signed this release, where it does not stand: it was revoked with a cut-off that lies
 * below. Nodes that run it do not stop it, and nothing can be built on it by who signed it.
 */
export function voidSignerOf(trust: TrustView, signer: string | undefined, release: ReleasePlace): string | null {
  const revoked = signer === undefined ? undefined : trust.revokedDevices.get(signer);
  return revoked === undefined || doesReleaseStand(revoked.cutoffs, release) ? null : revoked.device.name;
}
