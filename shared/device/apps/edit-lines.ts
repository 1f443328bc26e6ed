import type { FieldChange, FieldState } from '#shared/replica/index.ts';

/** What names an item to a person, whichever of these it has. */
const NAMED = ['key', 'name', 'hostname', 'path', 'rule'] as const;
const UNTOLD: ReadonlySet<string> = new Set(['createdAt', 'removedAt', 'ownerCopy', 'nodeCopies', 'madeAt', 'signed']);
const SHOWN_LETTERS = 120;

/** One line for each field of a document, and for each item. */
export function changesToLines(
  changes: readonly FieldChange[],
  present: ReadonlyMap<string, Pick<FieldState, 'value'>>,
): string[] {
  const byItem = Map.groupBy(changes, ({ path }) => path.split('/').slice(0, -1).join('/'));
  return [...byItem].flatMap(([item, written]) => {
    if (item === '') return written.map((change) => `${change.path}: ${textOf(change)}`);
    const fields = new Map(written.map((change) => [change.path.slice(item.length + 1), change]));
    const name = NAMED.map((one) => fields.get(one)?.value ?? present.get(`${item}/${one}`)?.value).find(
      (value) => typeof value === 'string',
    );
    const about = [item.split('/')[0], name].filter((part) => part !== undefined).join(' ');
    const isRemoved = fields.get('removedAt') && fields.get('removedAt')?.value !== null;
    if (isRemoved) return [`${about}: removed`];
    // Copies of secrets are long and say nothing to a person.
    const told = [...fields].filter(([field]) => !UNTOLD.has(field));
    if (told.length === 0) return [`${about}: changed`];
    return [`${about}: ${told.map(([field, change]) => `${field} ${textOf(change)}`).join(', ')}`];
  });
}

function textOf({ isText, value }: FieldChange): string {
  if (isText) return `${String(value).split('\n').length} lines`;
  const text = typeof value === 'string' ? value : typeof value === 'object' && value !== null ? '…' : String(value);
  return text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}…` : text;
}
