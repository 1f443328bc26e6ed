import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { labFiles, suites } from './build/testing/suites.ts';

export default defineConfig({
  test: {
    teardownTimeout: 60_000,
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
        // These start real programs in the lab: one after the other, in one process, so that they can share a world.
        test: {
          name: 'e2e',
          environment: 'node',
          include: [...labFiles],
          globalSetup: ['e2e/global-setup.ts'].filter((file) => existsSync(file)),
          fileParallelism: false,
          maxWorkers: 1,
          isolate: false,
          testTimeout: 300_000,
          hookTimeout: 1_200_000,
        },
      },
    ],
  },
});
