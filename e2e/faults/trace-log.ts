import { existsSync, readFileSync } from 'node:fs';

/** What a traced program had written to one file and not made to last when it ended. */
export interface Unsynced {
  readonly file: string;
  readonly ranges: readonly { at: number; length: number }[];
}

interface Call {
  readonly name: string;
  readonly args: string;
  readonly result: string;
}

/** How often a traced program read from the watched files. */
export const readsOf = (log: string): number => calls(read(log)).filter(({ name }) => name === 'pread64').length;

/** Paths of the files on which a call was made to fail. */
export const failedFiles = (log: string): string[] =>
  read(log)
    .split('\n')
    .filter((line) => line.includes('(INJECTED)'))
    .map((line) => /<(\/[^>]*)>/.exec(line)?.[1] ?? '');

/**
 * What a power cut at the end of this log would take: every range written after the last sync of its file. A sync that
 * was killed on its way in did nothing.
 */
export function unsyncedOf(log: string): Unsynced[] {
  const open = new Map<string, { at: number; length: number }[]>();
  for (const { name, args, result } of calls(read(log))) {
    if (name === 'rename') {
      const [from = '', to = ''] = [...args.matchAll(/"([^"]*)"/g)].map((match) => match[1]);
      const ranges = open.get(from);
      open.delete(from);
      if (ranges) open.set(to, ranges);
      continue;
    }
    if (name === 'unlink') {
      open.delete(/"([^"]*)"/.exec(args)?.[1] ?? '');
      continue;
    }
    const file = /^\d+<([^>]*)>/.exec(args)?.[1];
    if (file === undefined || !file.startsWith('/') || file.startsWith('/dev/')) continue;
    if (isSync(name)) {
      if (result === '0') open.delete(file);
      continue;
    }
    const done = Number(result);
    if (!(done > 0)) continue;
    const ranges = open.get(file) ?? [];
    // A plain write goes where the one before it ended; the tail of the file is what may be missing.
    if (name === 'pwrite64') ranges.push({ at: Number(/, (\d+)$/.exec(args)?.[1] ?? 0), length: done });
    else if (name === 'write') ranges.push({ at: 0, length: Number.MAX_SAFE_INTEGER });
    open.set(file, ranges);
  }
  return [...open].map(([file, ranges]) => ({ file, ranges }));
}

const isSync = (name: string): boolean => name === 'fsync' || name === 'fdatasync';

const read = (log: string): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');

/** The calls of a log in the order they ended; one that was cut off comes with an empty result. */
function calls(text: string): Call[] {
  const begun = new Map<string, { name: string; args: string }>();
  const found: Call[] = [];
  for (const line of text.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const whole = /^(\w+)\((.*)\)\s+= (\S+)/.exec(rest);
    if (whole) {
      found.push({ name: whole[1] ?? '', args: whole[2] ?? '', result: whole[3] ?? '' });
      continue;
    }
    const cut = /^(\w+)\((.*?)\s*<unfinished \.\.\.>$/.exec(rest);
    if (cut) {
      begun.set(pid, { name: cut[1] ?? '', args: cut[2] ?? '' });
      continue;
    }
    const back = /^<\.\.\. (\w+) resumed>(.*)\)\s+= (\S+)/.exec(rest);
    const start = begun.get(pid);
    if (!back || !start) continue;
    begun.delete(pid);
    found.push({ name: start.name, args: `${start.args}${back[2] ?? ''}`, result: back[3] ?? '' });
  }
  for (const { name, args } of begun.values()) found.push({ name, args, result: '' });
  return found;
}
