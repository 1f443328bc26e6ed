import { coreAddresses, createCoreClient, type HttpPort, type TypedAddress } from '#shared/device/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import { createPinnedCore } from '#shared/node/core-ports/pinned-core.ts';
import type { CoreAddress } from '#shared/trust/index.ts';
import type { CliContext } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { readCoreAddress } from './core-address.ts';
import { confirmFingerprint, noFingerprint, readFingerprint } from './core-fingerprint.ts';

/** A core as this device has met it: its key was given with --fingerprint or compared by the person. */
export interface MetCore {
  readonly http: HttpPort;
  /** What the core says of its fleet; null when nobody has claimed it. */
  readonly fleet: string | null;
  readonly spki: string;
  readonly addresses: readonly CoreAddress[];
}

/** What the options say of a core that this device does not know yet. */
export interface CoreToMeet {
  readonly address: TypedAddress;
  /** Undefined where the person compares it. */
  readonly fingerprint: string | undefined;
}

/** Reads address and fingerprint; asks nobody. Refuses a script that gives no fingerprint. */
export function readCoreToMeet(context: CliContext, input: VerbInput): Result<CoreToMeet> {
  const address = readCoreAddress(input.text('core') ?? input.arg(0), input);
  if (!address.ok) return address;
  const fingerprint = readFingerprint(input);
  if (!fingerprint.ok) return fingerprint;
  if (fingerprint.value === undefined && !context.canAsk) return err(noFingerprint());
  return ok({ address: address.value, fingerprint: fingerprint.value });
}

/** First contact with a core. The connection is open for as long as `use` runs. */
export async function meetCore<T>(
  context: CliContext,
  { address, fingerprint }: CoreToMeet,
  use: (core: MetCore) => Promise<Result<T>>,
): Promise<Result<T>> {
  let spki = '';
  const { http } = createPinnedCore({
    addresses: [{ host: address.host, port: address.httpPort }],
    pin: (found) => {
      // The key of the first contact is that of all; no more than a question goes over it before it is confirmed.
      if (spki === '') spki = fingerprint ?? found;
      return found === spki;
    },
  });
  try {
    const challenge = await createCoreClient({ http, signal: context.signal }).call('createChallenge', { body: {} });
    if (!challenge.ok) return challenge;
    const { fleet, addresses } = challenge.value;
    const confirmed = fingerprint === undefined ? await confirmFingerprint(context, spki) : undefined;
    if (confirmed && !confirmed.ok) return confirmed;
    return await use({ http, fleet, spki, addresses: coreAddresses(address, addresses) });
  } finally {
    http.close();
  }
}
