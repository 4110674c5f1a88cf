import { defineConfig } from 'vitest/config';

// Everything that needs nothing but Node and a redis-server; the servers' suite has vitest.services.config.ts.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/services/**'],
    // Nothing here keeps state in modules, so files of one worker share what they import (wechaty takes a second).
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    reporters: ['dot'],
    silent: 'passed-only',
  },
});
