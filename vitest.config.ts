import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Files that need a process of their own: they count what is loaded, patch a library, or expect what a process prints once.
const alone = [
  'aborted',
  'client-cold',
  'client-rules',
  'client-vitest',
  'cold',
  'fields',
  'instrumentation',
  'loads',
  'results',
  'stack',
  'stream-warning',
  'tracing',
  'websocket',
]
const shared = `packages/{core,express-shim,testing}/test/**/!(${alone.join('|')}).test.ts`

export default defineConfig({
  test: {
    // Vitest leaves one core idle by itself, which is half of a machine with two.
    maxWorkers: '100%',
    testTimeout: 30_000,
    // Processes that tests start run the TypeScript sources: Node strips the types of each file once, not in each process.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node-compile') },
    globalSetup: ['test/setup/litter.ts', 'test/scratch.ts'],
    setupFiles: ['test/setup/seed.ts', 'test/setup/messages.ts'],
    // test/setup/messages.ts takes what is printed.
    disableConsoleIntercept: true,
    // Prints failures and the closing lines.
    reporters: process.env.GITHUB_ACTIONS ? ['minimal', 'github-actions'] : ['minimal'],
    projects: [
      // One process runs many files, and loads what they share once: half the time of the same files in a process each.
      { extends: true, test: { name: 'shared', include: [shared], isolate: false } },
      {
        extends: true,
        test: { name: 'isolated', include: ['**/*.test.ts'], exclude: ['**/node_modules/**', '**/dist/**', shared] },
      },
    ],
  },
})
