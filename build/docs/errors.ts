import { codes } from '#shared/contracts/errors/codes.ts';
import { kindsOf, statusOfFault } from '#shared/contracts/errors/registry.ts';
import type { FaultKind } from '#shared/kernel/index.ts';

const kinds: Readonly<Record<FaultKind, string>> = {
  transient: 'may go away by itself; trying again makes sense',
  denied: 'a rule forbids it; trying again does not help',
  conflict: 'the world is in another state; look, decide, then try again',
  permanent: 'the input or the system must be changed first',
};

/** The page that lists every error code with its kind, HTTP status and meaning. */
export function errorsPage(): string {
  const rows = Object.entries(codes).map(([code, meaning]) => {
    const [kind = 'permanent', ...more] = kindsOf(meaning);
    const status = statusOfFault({ code, kind });
    return `| \`${code}\` | ${[kind, ...more].join(', ')} | ${status} | ${meaning.text} |`;
  });
  return [
    '# Error codes',
    '',
    'Made from `shared/contracts/errors/codes.ts`. Every fault carries one of these codes, the field and value it is about, and what to do',
    'next. Over REST it is a problem document (RFC 9457) with the status below; the command line prints message and next step.',
    '',
    ...Object.entries(kinds).map(([kind, meaning]) => `- **${kind}**: ${meaning}.`),
    '',
    '| code | kind | status | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
