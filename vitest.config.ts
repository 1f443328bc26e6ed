import { defineConfig } from 'vitest/config';
import { LongFirst } from './build/testing/long-first.ts';
import { labFiles, suites } from './build/testing/suites.ts';

export default defineConfig({
  test: {
    teardownTimeout: 60_000,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: suites.filter((suite) => suite.project === 'unit').flatMap((suite) => suite.files),
          exclude: [...labFiles, '**/node_modules/**'],
          testTimeout: 15_000,
        },
      },
      {
        // Each file has a world of its own and mostly waits for health checks: three at a time keep two processors busy.
        test: {
          name: 'e2e',
          environment: 'node',
          include: [...labFiles],
          maxWorkers: 3,
          testTimeout: 300_000,
          hookTimeout: 1_200_000,
        },
      },
    ],
  },
});
