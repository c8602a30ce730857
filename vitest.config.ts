import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // Vitest leaves one core idle by itself, which is half of a machine with two.
    maxWorkers: '100%',
    testTimeout: 30_000,
    setupFiles: ['test/seed.ts'],
  },
})
