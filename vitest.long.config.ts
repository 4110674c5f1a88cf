import { defineConfig } from 'vitest/config';

// The runs by force, for as long as scripts/long.mjs was told: one after the other, as each wants the machine.
export default defineConfig({
  test: {
    include: ['test/chaos/**/*.test.ts', 'test/services/force.services.test.ts'],
    pool: 'forks',
    isolate: false,
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    reporters: ['verbose'],
    disableConsoleIntercept: true,
  },
});
