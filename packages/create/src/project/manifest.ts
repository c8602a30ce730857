import type { Choices } from '../choices.ts'
import type { DeploymentFiles } from '../deployment.ts'
import { type Dependency, versions } from '../versions.ts'
import { extension } from './application.ts'

const runners = { vitest: 'vitest run', jest: 'jest', node: 'node --test' }

/** `package.json`. */
export function manifest(name: string, choices: Choices, deployment: DeploymentFiles): string {
  const file = extension(choices)
  const scripts = {
    dev: `expressway dev src/handler.${file} --gateway ${choices.gateway} --watch`,
    test: runners[choices.test],
    ...(file === 'ts' && { types: 'tsc' }),
    build: 'node build.js',
    routes: `expressway routes src/app.${file}`,
    ...deployment.scripts,
  }
  const members = {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    // From here on Node runs TypeScript as it is.
    engines: { node: '>=22.18' },
    scripts,
    dependencies: withVersions(choices.framework === 'core' ? ['@expressway/core'] : ['@expressway/express-shim']),
    devDependencies: sorted({ ...withVersions(development(choices)), ...deployment.devDependencies }),
  }
  return `${JSON.stringify(members, null, 2)}\n`
}

function development({ framework, language, test }: Choices): Dependency[] {
  const typed: Dependency[] = ['@types/node', 'typescript']
  if (framework === 'express') typed.push('@types/express')
  if (test === 'jest') typed.push('@types/jest')
  const runner: Record<Choices['test'], Dependency[]> = {
    // Yarn does not install vitest's peer by itself.
    vitest: ['vite', 'vitest'],
    jest: ['@swc/core', '@swc/jest', 'jest'],
    node: [],
  }
  return [
    '@expressway/cli',
    '@expressway/testing',
    'esbuild',
    ...runner[test],
    ...(language === 'typescript' ? typed : []),
  ]
}

const withVersions = (names: readonly Dependency[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, versions[name]]))

const sorted = (members: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)))

/**
 * Whether pnpm runs the install scripts of packages, by the dependency that brings them: it asks for a decision on each. The packages
 * that it does not run them for work without.
 */
const installScripts: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  esbuild: { esbuild: true },
  jest: { '@parcel/watcher': false, 'unrs-resolver': false },
  '@swc/core': { '@swc/core': false },
  serverless: { serverless: true },
}

/** The files that make the folder a project of its package manager, by the names of what it depends on. */
export function managerFiles({ packageManager }: Choices, dependencies: readonly string[]): Record<string, string> {
  if (packageManager === 'yarn') return { '.yarnrc.yml': 'nodeLinker: node-modules\n', 'yarn.lock': '' }
  if (packageManager !== 'pnpm') return {}
  const decided = dependencies.flatMap((name) => Object.entries(installScripts[name] ?? {}))
  const lines = decided.map(([name, runs]) => `  '${name}': ${runs}\n`)
  return { 'pnpm-workspace.yaml': `packages: []\nallowBuilds:\n${lines.join('')}` }
}
