/**
 * How an agent's version stands to ours. One minor version apart works together; further apart they refuse each other
 * (P9). `unknown`: the node was never heard, or says something that is no version.
 */
export type VersionSkew = 'same' | 'older' | 'newer' | 'too-old' | 'too-new' | 'unknown';

/** Compares an agent's version with that of this program. */
export function compareVersions(agent: string | null, ours: string): VersionSkew {
  const theirs = parse(agent);
  const own = parse(ours);
  if (theirs === undefined || own === undefined) return 'unknown';
  if (theirs.major !== own.major) return theirs.major < own.major ? 'too-old' : 'too-new';
  const apart = theirs.minor - own.minor;
  if (apart < -1) return 'too-old';
  if (apart > 1) return 'too-new';
  if (apart !== 0) return apart < 0 ? 'older' : 'newer';
  return theirs.patch === own.patch ? 'same' : theirs.patch < own.patch ? 'older' : 'newer';
}

function parse(version: string | null): { major: number; minor: number; patch: number } | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version ?? '');
  if (match === null) return undefined;
  const [, major, minor, patch] = match;
  return { major: Number(major), minor: Number(minor), patch: Number(patch) };
}
