import type { CoreAddress } from '#shared/trust/index.ts';

/** A core that this device has no fleet with yet, and which of the keys that answer there it takes. */
export interface CoreToMeet {
  readonly address: CoreAddress;
  readonly accepts: (spki: string) => boolean;
}
