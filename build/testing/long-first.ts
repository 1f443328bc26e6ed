import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes, longest first: one that begins last is waited for by idle workers. */
export const longFiles: readonly string[] = [
  'e2e/journeys/every-verb.test.ts',
  'e2e/journeys/plain-user.test.ts',
  'e2e/journeys/kill-nine-node.test.ts',
  'e2e/journeys/kill-nine-core.test.ts',
  'e2e/engine/ingress.test.ts',
  'e2e/journeys/foreign-things.test.ts',
  'e2e/engine/apps.test.ts',
  'e2e/screens/own-compose.test.ts',
  'e2e/journeys/bad-input.test.ts',
  'e2e/screens/first-run.test.ts',
];

/** Runs the files that are known to be long before all others; vitest knows durations only where it ran before. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longFirst(await super.sort(files), ({ moduleId }) => moduleId);
  }
}

/** The same items, those of long files ahead in the order of the list. */
export function longFirst<T>(items: readonly T[], pathOf: (item: T) => string): T[] {
  const rankOf = (item: T): number => {
    const rank = longFiles.findIndex((file) => pathOf(item).endsWith(`/${file}`));
    return rank === -1 ? longFiles.length : rank;
  };
  return [...items].sort((a, b) => rankOf(a) - rankOf(b));
}
