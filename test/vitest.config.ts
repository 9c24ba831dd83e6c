import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/real/**'],
    sequence: { shuffle: { tests: true, files: false } },
    testTimeout: 30_000,
    coverage: {
      enabled: true,
      include: ['source/**/*.{ts,tsx}'],
      reporter: ['text-summary'],
      reportsDirectory: 'coverage',
    },
  },
});
