import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/**
 * P9: whether a peer of version `peer` may talk to us. Same major, same minor or one apart; any patch.
 * Refusal: `link.version`, naming both versions and which side to update.
 */
export function decideVersion(own: string, peer: string | undefined): Result<void> {
  const mine = parseVersion(own);
  const theirs = parseVersion(peer ?? '');
  if (theirs === undefined || mine === undefined) {
    return err(
      refusal(own, peer ?? 'none', 'The other side names no version: check that it is an Overseer link port.'),
    );
  }
  const apart = theirs.major === mine.major ? Math.abs(theirs.minor - mine.minor) : Number.POSITIVE_INFINITY;
  if (apart <= 1) return ok();
  const older = theirs.major < mine.major || (theirs.major === mine.major && theirs.minor < mine.minor);
  const next = `Update ${older ? `the side that runs ${peer}` : `this side (${own})`}, one minor version at a time.`;
  return err(refusal(own, peer ?? '', next));
}

function refusal(own: string, peer: string, next: string) {
  return fault(
    'link.version',
    'permanent',
    `This side runs Overseer ${own}, the other ${peer}: more than one minor version apart.`,
    next,
    { detail: { own, peer } },
  );
}

function parseVersion(text: string): { major: number; minor: number } | undefined {
  const match = /^(\d{1,5})\.(\d{1,5})\.\d{1,5}(?:[-+].*)?$/.exec(text);
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}
