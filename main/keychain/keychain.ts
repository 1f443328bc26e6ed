import type { Result } from '#shared/kernel/index.ts';

/** Seals short texts by something that only this user of this machine can open. */
export interface Keychain {
  /** Whether it may be used at all (decide-keychain.ts). Faults: `keychain.absent`, `keychain.weak`. */
  check(): Promise<Result<'system'>>;
  /** Faults: `keychain.unavailable`, after it was tried for a while. */
  seal(text: string): Promise<Result<Uint8Array>>;
  /** `reseal`: the system changed its key, seal it again. Faults: `keychain.unavailable`. */
  open(sealed: Uint8Array): Promise<Result<{ readonly text: string; readonly reseal: boolean }>>;
}
