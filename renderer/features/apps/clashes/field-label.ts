import { words } from '#renderer/words/index.ts';

const NAMED = ['key', 'name', 'hostname', 'path', 'rule'] as const;

/** A field's path in words: what a person called the item, not its id. */
export function fieldLabel(path: string, read: (path: string) => unknown): string {
  const labels: Readonly<Record<string, string>> = words.apps.clashes.fields;
  const [head = path, id, name] = path.split('/');
  const what = labels[head] ?? head;
  if (id === undefined || name === undefined) return what;
  const called = NAMED.map((one) => read(`${head}/${id}/${one}`)).find(
    (value) => typeof value === 'string' && value !== '',
  );
  const part = labels[name] ?? name;
  return called === undefined
    ? words.apps.clashes.part(what, part)
    : words.apps.clashes.partOf(what, String(called), part);
}
