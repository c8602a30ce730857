import type { Choices } from './choices.ts'

type Name = Choices['packageManager']

interface PackageManager {
  /** The arguments that install a project's packages. */
  readonly install: readonly string[]
  /** How `npm create @expressway` is written with it, up to its flags. */
  readonly create: string
}

/** Every package manager; the first is the default. */
export const packageManagers: Readonly<Record<Name, PackageManager>> = {
  npm: { install: ['install', '--no-audit', '--no-fund'], create: 'npm create @expressway@latest my-api --' },
  pnpm: { install: ['install'], create: 'pnpm create @expressway my-api' },
  yarn: { install: ['install'], create: 'yarn create @expressway my-api' },
}

export const packageManagerNames = Object.keys(packageManagers) as Name[]

/**
 * The package manager that runs this program.
 * @param userAgent `npm_config_user_agent`, such as `pnpm/12.0.0 npm/? node/v24.21.0 linux x64`
 */
export function runningManager(userAgent = ''): Name {
  return packageManagerNames.find((name) => userAgent.startsWith(`${name}/`)) ?? 'npm'
}

/** The command that runs a script: `run`, as pnpm has a `deploy` of its own. */
export const runScript = (name: Name, script: string): string =>
  script === 'test' ? `${name} test` : `${name} run ${script}`
