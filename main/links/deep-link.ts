import { APP_ORIGIN } from '#shared/contracts/ipc/desktop.ts';

/** A path of screens: a few plain segments. A link chooses what is shown; it never does anything. */
const path = /^(\/[A-Za-z0-9_-]{1,64}){0,4}\/?$/;

/** The screen that a link of the system leads to, or null when it is none of ours. The query is dropped. */
export function parseDeepLink(link: string): string | null {
  if (link.length > 512 || !URL.canParse(link)) return null;
  const parsed = new URL(link);
  if (`${parsed.protocol}//${parsed.host}` !== APP_ORIGIN || parsed.username || parsed.password) return null;
  const wished = parsed.pathname || '/';
  return path.test(wished) ? wished : null;
}

/** The first link of ours among a program's arguments. */
export function linkOfArguments(argv: readonly string[]): string | null {
  for (const argument of argv) {
    const found = parseDeepLink(argument);
    if (found !== null) return found;
  }
  return null;
}
