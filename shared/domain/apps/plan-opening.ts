import type { OpeningBody } from './release-body.ts';

/** What opening or closing changes, in words a person can judge; null: nothing. */
export function planOpening(
  previous: OpeningBody | null,
  next: OpeningBody,
): { readonly change: 'add' | 'change' | 'remove'; readonly text: string } | null {
  const from = previous?.state === 'running' ? previous : null;
  if (next.state === 'removed') return from && { change: 'remove', text: `close the ${sayOpening(from)}` };
  if (from === null) return { change: 'add', text: `open the ${sayOpening(next)}` };
  const [before, after] = [sayOpening(from), sayOpening(next)];
  return before === after ? null : { change: 'change', text: `${before} → ${after}` };
}

/** Who may do what with which path. */
function sayOpening({ what, path, name, readOnly }: OpeningBody): string {
  const right = readOnly ? 'read' : what === 'folder' ? 'read and write' : 'use';
  return `${what} ${path} as "${name}": apps whose signed exception names it may ${right} it`;
}
