/** What the core answers for a path that is no operation of the API. */
export type WebAnswer =
  | { readonly kind: 'file'; readonly file: string; readonly forever: boolean }
  /** A screen: the page itself, which reads the path. */
  | { readonly kind: 'page' }
  | { readonly kind: 'nothing' };

const nothing: WebAnswer = { kind: 'nothing' };
/** Names below it carry a hash of what is in them. */
const assets = 'assets/';

/**
 * Decides by a list of what there is, not by joining paths: a path that is not in `files` (relative, with `/`) reads
 * nothing, whatever dots and slashes it has. `path` is as it came, without the query.
 */
export function decideWebFile(path: string, files: ReadonlySet<string>): WebAnswer {
  const segments = plainSegments(path);
  if (segments === undefined) return nothing;
  const name = segments.join('/');
  if (name === '' || name === 'index.html') return { kind: 'page' };
  if (files.has(name) && !path.endsWith('/')) return { kind: 'file', file: name, forever: name.startsWith(assets) };
  // A miss in these places is a miss: answering with the page would make a script or a caller read HTML.
  const isScreen = segments[0] !== 'api' && segments[0] !== 'assets' && !(segments.length === 1 && name.includes('.'));
  return isScreen ? { kind: 'page' } : nothing;
}

/** The decoded parts of a path; undefined when one is hidden, climbs, is empty, or hides a separator. */
function plainSegments(path: string): string[] | undefined {
  const parts = path.slice(1).split('/');
  if (parts.at(-1) === '') parts.pop();
  try {
    const decoded = parts.map(decodeURIComponent);
    return path.startsWith('/') && decoded.every(isPlain) ? decoded : undefined;
  } catch {
    return undefined;
  }
}

function isPlain(segment: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not pass
  return segment !== '' && !segment.startsWith('.') && !/[/\\\u0000-\u001f\u007f]/.test(segment);
}
