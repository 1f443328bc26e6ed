const PLACE = /\{\{([a-z][a-z0-9_]*)\}\}/g;

/** The names that a template refers to, or undefined when its braces are not all `{{name}}`. */
export function templateNames(template: string): string[] | undefined {
  const names = [...template.matchAll(PLACE)].map((match) => match[1] ?? '');
  return /\{\{|\}\}/.test(template.replaceAll(PLACE, '')) ? undefined : names;
}

/** Puts the values in. What a value contains is not read again. */
export function fillTemplate(template: string, values: ReadonlyMap<string, string>): string {
  return template.replaceAll(PLACE, (whole, name: string) => values.get(name) ?? whole);
}
