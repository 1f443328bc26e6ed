import { err, fault, ok, type Result } from '../../kernel/index.ts';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A hostname as it may stand in a route: lower-case ASCII (IDNA names in their xn-- form), two labels or more, no
 * wildcard, no port, no final dot. The result is what goes into rules, records and certificates. Error:
 * `route.bad-hostname`.
 */
export function parseHostname(text: string): Result<string> {
  const name = toAscii(text.trim().toLowerCase());
  if (name === undefined) return refuse(text, 'it holds characters that no hostname may have');
  if (name.includes('*')) return refuse(text, 'a route serves one name, not a pattern');
  if (name.endsWith('.')) return refuse(text, 'it ends with a dot');
  if (name.length > 253) return refuse(text, 'it is longer than 253 characters');
  const labels = name.split('.');
  if (labels.length < 2) return refuse(text, 'it has no domain');
  const bad = labels.find((label) => !LABEL.test(label));
  if (bad !== undefined)
    return refuse(text, bad === '' ? 'two dots follow each other' : `"${bad}" is not a valid part`);
  if (/^\d+$/.test(labels.at(-1) ?? '')) return refuse(text, 'it is an address, not a name');
  return ok(name);
}

/** The URL parser of the platform knows IDNA; everything that it would cut off or decode is refused before. */
function toAscii(text: string): string | undefined {
  if (/^[a-z0-9.*-]*$/.test(text)) return text;
  if (/[\s/\\?#@:%[\]`{}<>^|"'$&+=;,!()~]/.test(text) || !/^[\p{L}\p{N}\p{M}.·-]+$/u.test(text)) return undefined;
  try {
    return new URL(`http://${text}/`).hostname;
  } catch {
    return undefined;
  }
}

function refuse(text: string, why: string): Result<never> {
  return err(
    fault(
      'route.bad-hostname',
      'permanent',
      `"${text.slice(0, 80)}" can not be a hostname: ${why}.`,
      'Give a full name such as app.example.com.',
      { field: 'hostname' },
    ),
  );
}
