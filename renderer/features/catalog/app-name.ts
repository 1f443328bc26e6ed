const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Why a name can not be given to a new app; null when it can. */
export type AppNameProblem = 'empty' | 'malformed' | 'taken' | null;

/** Checks a name as `createApp` takes it, and against the names that apps have. */
export function checkAppName(name: string, taken: ReadonlySet<string>): AppNameProblem {
  if (name === '') return 'empty';
  if (!NAME.test(name)) return 'malformed';
  return taken.has(name) ? 'taken' : null;
}

/** A free name made of a catalogue id, a file name or an image: `miniflux`, then `miniflux-2`. */
export function suggestAppName(from: string, taken: ReadonlySet<string>): string {
  const base =
    from
      .toLowerCase()
      .normalize('NFKD')
      .replace(/\.(ya?ml)$/, '')
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 50)
      .replace(/-+$/, '') || 'app';
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) {
    const name = `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}
