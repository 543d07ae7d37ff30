import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 120_000,
    // Two cores are what a runner has here; the time zone is set apart from UTC+8 on purpose, so that a
    // calculation that leans on the process's zone fails.
    maxWorkers: 2,
    env: { TZ: 'America/New_York' },
  },
})
