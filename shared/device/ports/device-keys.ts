import type { DeviceKind, Signer } from '#shared/trust/index.ts';

/** The unlocked keys of this device, in memory only. */
export interface DeviceKeys {
  readonly deviceId: string;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly signer: Signer;
  /** base64url */
  readonly publicKey: string;
  /** Opens owner copies of secrets; null on a device that holds none. */
  readonly ageIdentity: string | null;
  readonly ageRecipient: string;
}
