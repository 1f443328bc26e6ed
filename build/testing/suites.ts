import { globSync } from 'node:fs';

export interface Suite {
  name: string;
  /** The vitest project that holds its files: `e2e` starts real programs and needs the bundled product. */
  project: 'unit' | 'e2e';
  /** Which files, as globs. What another suite takes is not taken by `unit`. */
  files: string[];
  /** The suite is ended and counts as failed after this time. */
  budgetMinutes: number;
  /** Runs only by `npm test -- --full`. */
  full: boolean;
}

const lab = (name: string, budgetMinutes: number, files = `e2e/${name}/**/*.test.ts`, full = false): Suite => ({
  name,
  project: 'e2e',
  files: [files],
  budgetMinutes,
  full,
});

/** What `npm test` runs, in order. */
export const suites: readonly Suite[] = [
  {
    name: 'unit',
    project: 'unit',
    files: ['{shared,agent,main,preload,renderer,build,catalog,e2e}/**/*.test.{ts,tsx}'],
    budgetMinutes: 10,
    full: false,
  },
  {
    // Every parser against bent inputs, in workers: it takes both processors, so nothing runs beside it.
    name: 'generated',
    project: 'unit',
    files: ['{shared,agent}/**/generated.test.ts'],
    budgetMinutes: 10,
    full: false,
  },
  {
    // Requests made from the OpenAPI document by Schemathesis, which is Python: it takes a processor for itself.
    name: 'openapi',
    project: 'unit',
    files: ['agent/core/http/schemathesis.test.ts'],
    budgetMinutes: 5,
    full: false,
  },
  lab('world', 25, 'e2e/world/*.test.ts'),
  lab('trust-in-chromium', 15),
  lab('device-in-chromium', 15),
  lab('age', 5),
  lab('engine', 15),
  lab('electron', 10),
  lab('journeys', 40),
  lab('screens', 20),
  lab('faults', 10),
  lab('attacks', 20),
];

/** The globs of all files that need the lab. */
export const labFiles: readonly string[] = suites
  .filter((suite) => suite.project === 'e2e')
  .flatMap((one) => one.files);

/** The test files of a suite that exist, narrowed to those whose path contains one of the given words. */
export function suiteFiles(suite: Suite, words: readonly string[]): string[] {
  const others =
    suite.name === 'unit' ? suites.filter((one) => one.name !== suite.name).flatMap((one) => one.files) : [];
  const exclude = new Set(globSync(others));
  return globSync(suite.files)
    .filter((file) => !exclude.has(file) && (words.length === 0 || words.some((word) => file.includes(word))))
    .sort();
}
