import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/real/**/*.test.{ts,tsx}'],
    globalSetup: 'test/real/servers/build.ts',
    // A process for each file, one after the other: the servers of a file die with its process.
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
