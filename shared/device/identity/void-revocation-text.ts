import type { TrustView, VoidRevocation } from '#shared/trust/index.ts';

/** What a void revocation means to a person. */
export function voidRevocationText(trust: TrustView, { what, name, by }: VoidRevocation): string {
  const signer = (trust.devices.get(by) ?? trust.revokedDevices.get(by)?.device)?.name ?? by;
  const noun = { device: 'device', person: 'person', node: 'server' }[what];
  const command = { device: 'device', person: 'people', node: 'nodes' }[what];
  return `the ${noun} "${name}" counts although "${signer}" revoked it: "${signer}" was revoked itself, beside that. If it was right, do it again: overseer ${command} revoke "${name}"`;
}
