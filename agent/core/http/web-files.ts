import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Files of the screens, by their path below the folder, with `/`. */
export interface WebFiles {
  /** undefined while there is no page in the folder. */
  current(): ReadonlySet<string> | undefined;
}

/**
 * Lists the folder, and again only when another one stands in its place: a build replaces it whole, and a core that
 * runs meanwhile serves the new one.
 */
export function createWebFiles(folder: string): WebFiles {
  let listed: { readonly identity: string; readonly files: ReadonlySet<string> } | undefined;
  return {
    current() {
      const found = statSync(folder, { throwIfNoEntry: false });
      if (found === undefined || !found.isDirectory()) return undefined;
      const identity = `${found.dev}:${found.ino}:${found.mtimeMs}`;
      if (listed?.identity !== identity) listed = { identity, files: new Set(listFiles(folder)) };
      return listed.files.has('index.html') ? listed.files : undefined;
    },
  };
}

/** Without hidden files, and without the compressed twins, which are chosen by Accept-Encoding only. */
function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !/(^|\/)\.|\.(br|gz)$/.test(file));
}
