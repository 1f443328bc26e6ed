import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Manifest, parseAst } from 'vite';

/**
 * Sources that the shell loads lazily and shows first: they count as if imported at once. What comes only when a person
 * asks for it (editor, merge view, palette) does not stand here, nor what the worker fetches once the screen can be
 * used (shared/device/host/load-later.ts).
 */
export const firstScreenSources: readonly string[] = ['features/overview/index.ts'];

export interface LoadedFile {
  readonly file: string;
  readonly gzippedBytes: number;
}

/**
 * Everything that a browser fetches from a build (`folder`, with Vite's account of it) until the first screen can be
 * used: the page, its styles and scripts with all that they import at once, the replica host's worker likewise.
 * Throws for a source in `firstSources` that is no chunk of its own.
 */
export function listFirstLoad(folder: string, manifest: Manifest, firstSources = firstScreenSources): LoadedFile[] {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const linked = [...page.matchAll(/<(?:script|link)\b[^>]*\s(?:src|href)="\/([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
  const screens = firstSources.flatMap((source) => {
    const chunk = manifest[source];
    if (chunk === undefined) throw new Error(`${source} is no chunk of its own; see build/web/first-load.ts`);
    return [chunk.file, ...(chunk.css ?? [])];
  });
  const files = new Set<string>();
  const waiting = ['index.html', ...linked, ...screens];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    if (file.endsWith('.js')) waiting.push(...scriptsOf(folder, file));
  }
  return [...files]
    .map((file) => ({ file, gzippedBytes: gzipSync(readFileSync(join(folder, file)), { level: 9 }).length }))
    .sort((a, b) => b.gzippedBytes - a.gzippedBytes);
}

/** What a script imports before it runs, and the worker of the replica host when it is the one that starts it. */
function scriptsOf(folder: string, file: string): string[] {
  const code = readFileSync(join(folder, file), 'utf8');
  const imported = parseAst(code).body.flatMap((statement) =>
    'source' in statement && statement.source !== null
      ? [posix.join(posix.dirname(file), String((statement.source as { value: unknown }).value))]
      : [],
  );
  const workers = [...code.matchAll(/["'`]\/(assets\/host-worker-[\w-]+\.js)["'`]/g)].map((match) => match[1] ?? '');
  return [...imported, ...workers];
}
