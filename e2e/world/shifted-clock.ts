import { renameSync, writeFileSync } from 'node:fs';
import { ensureParts } from './cache/part.ts';
import { faultCommand, faultTools } from './cache/parts/fault-tools.ts';

/** Fetches what shifts clocks, where it is not there yet. */
export const provideClocks = (): Promise<void> => ensureParts([faultTools], () => undefined);

/**
 * What stands before a program so that its clock, and no other, is elsewhere: an offset (`-1h`, `+30d`), a time
 * (`@1970-01-02 00:00:00`) or a rate (`+0 x10`). With a file, `setClock` moves the clock while it runs.
 */
export function shiftedClock(clock: string, file?: string): string[] {
  const [loader = '', ...rest] = faultCommand('');
  const library = rest[1] ?? '';
  const source = file === undefined ? `FAKETIME=${clock}` : `FAKETIME_TIMESTAMP_FILE=${file}`;
  if (file !== undefined) setClock(file, clock);
  const set = [source, 'DONT_FAKE_MONOTONIC=1', 'FAKETIME_NO_CACHE=1'];
  const preload = ['--library-path', library, '--preload', `${library}/faketime/libfaketime.so.1`];
  return ['/usr/bin/env', ...set, loader, ...preload];
}

/** Moves the clock of a program that began with this file. It reads the file at each look: never half a line. */
export function setClock(file: string, clock: string): void {
  writeFileSync(`${file}.new`, `${clock}\n`);
  renameSync(`${file}.new`, file);
}
