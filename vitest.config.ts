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
    globalSetup: ['test/setup/litter.ts', 'test/scratch.ts'],
    // test/setup/messages.ts takes what is printed.
    disableConsoleIntercept: true,
    setupFiles: ['test/setup/seed.ts', 'test/setup/messages.ts'],
    // Prints failures and the closing lines.
    reporters: process.env.GITHUB_ACTIONS ? ['minimal', 'github-actions'] : ['minimal'],
  },
})
