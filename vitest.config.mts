import { defineConfig } from 'vitest/config';

const minuteMs = 60_000;

/** Real processes that are killed, real repositories, simulated histories: seconds each, so not in the inner loop. */
const durability = [
  'src/app/{keep-triggers,open-waits,trigger-rounds}.test.ts',
  'src/workspace/git/**/*.test.ts',
  'src/app/prune.test.ts',
  'src/workspace/*-processes.test.ts',
  'src/workspace/run-watcher.test.ts',
  'test/contract/*-kill.test.ts',
  'test/simulation/**/*.test.ts',
];

/** Four projects, by what they need: nothing, processes and time, git and the built CLI, a real VS Code. */
export default defineConfig({
  test: {
    allowOnly: false,
    // Most of a test's time is that of the processes it started: every core has a file to work on.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'webview-ui/**/*.test.{ts,tsx}',
            'test/{architecture,contract,examples,scripts}/**/*.test.ts',
          ],
          exclude: durability,
          testTimeout: minuteMs,
        },
      },
      {
        extends: true,
        test: { name: 'durability', include: durability, testTimeout: minuteMs, hookTimeout: minuteMs },
      },
      {
        extends: true,
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          testTimeout: minuteMs,
          hookTimeout: minuteMs,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/support/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 3 * minuteMs,
          hookTimeout: 2 * minuteMs,
        },
      },
    ],
  },
});
