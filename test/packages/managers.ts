// The package managers of the tests, which ask the registry of `registry.ts` alone.
import { join } from 'node:path'

const tool = (path: string): string => join(import.meta.dirname, 'node_modules', path)

/** How each is called. */
export const programs = {
  npm: ['npm'],
  pnpm: ['pnpm'],
  'Yarn 1': [process.execPath, tool('yarn/bin/yarn.js')],
  'Yarn 4': [process.execPath, tool('@yarnpkg/cli-dist/bin/yarn.js')],
} as const

/** The environment of a package manager: its caches are in a folder of the test. */
export function environmentFor(name: string, folder: string, registry: string): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, VITEST, ...inherited } = process.env
  return {
    ...inherited,
    npm_config_registry: registry,
    npm_config_cache: join(folder, 'npm-cache'),
    npm_config_store_dir: join(folder, 'pnpm-store'),
    npm_config_minimum_release_age: '0',
    YARN_REGISTRY: registry,
    YARN_CACHE_FOLDER: join(folder, `${name.replace(/\W/g, '')}-cache`),
    YARN_NPM_REGISTRY_SERVER: registry.slice(0, -1),
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    YARN_ENABLE_TELEMETRY: '0',
    // Otherwise the documents of another run, whose registry is gone, come from the home folder.
    YARN_GLOBAL_FOLDER: join(folder, 'yarn-global'),
    YARN_ENABLE_GLOBAL_CACHE: 'false',
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    YARN_ENABLE_STRICT_SETTINGS: 'false',
  }
}
