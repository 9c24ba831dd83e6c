import { defineConfig } from 'vitest/config';

const TESTS = ['test/**/*.test.{ts,tsx}'];
/** Where a file may put a module in place of another (`vi.mock`), or take a terminal. */
const ALONE = ['test/console/*.test.{ts,tsx}', 'test/terminal/*.test.{ts,tsx}', 'test/commands/console.test.ts'];

/** A number by which a run chooses the same again. */
const { SEED } = process.env;

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    sequence: { shuffle: { tests: true, files: false }, ...(SEED && { seed: Number(SEED) }) },
    setupFiles: 'test/seed.ts',
    testTimeout: 30_000,
    // Half of the time is spent waiting for sockets.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE } },
      {
        extends: true,
        // What they share need not be loaded once for each file.
        test: { name: 'together', include: TESTS, exclude: ['test/real/**', ...ALONE], isolate: false },
      },
    ],
    coverage: {
      enabled: true,
      include: ['source/**/*.{ts,tsx}'],
      reporter: ['text-summary'],
      reportsDirectory: 'coverage',
    },
  },
});
