import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // Vitest leaves one core idle by itself, which is half of a machine with two.
    maxWorkers: '100%',
    testTimeout: 30_000,
    // Processes that tests start run the TypeScript sources: Node strips the types of each file once, not in each process.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node-compile') },
    setupFiles: ['test/seed.ts'],
  },
})
