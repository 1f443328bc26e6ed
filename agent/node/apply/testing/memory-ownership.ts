import type { OwnedKind, OwnershipPort } from '../ownership.ts';

/** A record of what is ours that lives as long as a test. */
export function createMemoryOwnership(): OwnershipPort {
  const all = new Map<string, string>();
  return {
    record: (kind, name, appId) => void all.set(`${kind}|${name}`, appId),
    owned: (kind, name) => all.get(`${kind}|${name}`),
    forget: (kind, name) => void all.delete(`${kind}|${name}`),
    list: (appId) =>
      [...all]
        .filter(([, owner]) => owner === appId)
        .map(([key]) => ({ kind: key.split('|')[0] as OwnedKind, name: key.split('|')[1] ?? '' })),
  };
}
