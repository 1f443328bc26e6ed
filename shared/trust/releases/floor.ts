/** How an accepted release ended. */
export type ReleaseOutcome = 'succeeded' | 'failed' | 'rolled-back' | 'superseded';

/**
 * What a node remembers per app, durable before the first effect and kept when the app is removed. `outcomes` is keyed
 * by outcomeKey.
 */
export interface ReleaseFloor {
  readonly accepted: { readonly number: number; readonly header: string } | null;
  readonly running: {
    readonly number: number;
    readonly header: string;
    /** Image digest per service. */
    readonly digests: Readonly<Record<string, string>>;
  } | null;
  readonly outcomes: Readonly<Record<string, ReleaseOutcome>>;
}

/** The floor of an app that this node has never seen. */
export const emptyFloor: ReleaseFloor = { accepted: null, running: null, outcomes: {} };

/** `number:header`. */
export function outcomeKey(number: number, header: string): string {
  return `${number}:${header}`;
}

/** REL-10: the floor to store durably before anything of the release takes effect. */
export function floorAfterAccept(
  floor: ReleaseFloor,
  header: { readonly payload: { readonly number: number }; readonly itemHash: string },
): ReleaseFloor {
  return { ...floor, accepted: { number: header.payload.number, header: header.itemHash } };
}

/** REL-10: the floor once an accepted release has ended. Only success moves `running`. */
export function floorAfterOutcome(
  floor: ReleaseFloor,
  release: { readonly number: number; readonly header: string },
  outcome: ReleaseOutcome,
  digests: Readonly<Record<string, string>>,
): ReleaseFloor {
  const outcomes = { ...floor.outcomes, [outcomeKey(release.number, release.header)]: outcome };
  const running = outcome === 'succeeded' ? { number: release.number, header: release.header, digests } : floor.running;
  return { ...floor, running, outcomes };
}
