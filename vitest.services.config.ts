import { defineConfig } from 'vitest/config';

// The same promises on real servers: scripts/with-services.mjs starts them and sets REDIS_URL and MONGODB_URI.
export default defineConfig({
  test: {
    include: ['test/services/**/*.test.ts'],
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['dot'],
    silent: 'passed-only',
  },
});
