// Projects that `npm create @expressway` made, and installations for them, each with one package manager.
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Choices } from '../../packages/create/src/choices.ts'
import { writeFiles } from '../../packages/create/src/folder.ts'
import { project } from '../../packages/create/src/project.ts'
import { versions } from '../../packages/create/src/versions.ts'
import { tarballs } from './installed.ts'
import { environmentFor, programs } from './managers.ts'
import { type Registry, serve } from './registry.ts'

export type Manager = keyof typeof programs

export const managerNames = Object.keys(programs) as Manager[]

/** The name that a project is made with for a package manager. */
export const choiceOf = (manager: Manager): Choices['packageManager'] =>
  manager.startsWith('Yarn') ? 'yarn' : (manager as 'npm' | 'pnpm')

const packages = join(import.meta.dirname, '../../packages')

/** A registry with the packed packages of Expressway and all that projects need besides, as this workspace has it. */
export async function registryOfProjects(scratch: string): Promise<Registry> {
  const packed = await tarballs()
  const own = [...packed.keys()].flatMap((name) => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'))
    return Object.keys(dependencies).map((dependency) => join(packages, name, 'node_modules', dependency))
  })
  const tools = Object.keys(versions)
    .map((name) => join(packages, 'create/node_modules', name))
    .filter((folder) => existsSync(folder))
  const folders = [...own, ...tools].filter((folder) => !/@expressway.[^/]+$|esbuild$/.test(folder))
  return serve(packed.values(), [...folders, ...esbuild(scratch), nodeGyp(scratch)])
}

/** esbuild as it is before its installation, which puts its binary in place of the launcher. */
function esbuild(scratch: string): string[] {
  const installed = realpathSync(join(packages, 'create/node_modules/esbuild'))
  const folder = join(scratch, 'esbuild')
  cpSync(installed, folder, { recursive: true, filter: (path) => path !== join(installed, 'bin/esbuild') })
  const binary = `@esbuild/${process.platform}-${process.arch}`
  const launcher = `#!/usr/bin/env node
const binary = require.resolve('${binary}/bin/esbuild')
require('node:child_process').execFileSync(binary, process.argv.slice(2), { stdio: 'inherit' })
`
  writeFileSync(join(folder, 'bin/esbuild'), launcher, { mode: 0o755 })
  return [join(installed, '..', binary), folder]
}

/** Yarn 4 adds node-gyp to packages that can be compiled; none is here. */
function nodeGyp(scratch: string): string {
  const folder = join(scratch, 'node-gyp')
  writeFiles(folder, { 'package.json': JSON.stringify({ name: 'node-gyp', version: '12.0.0' }) })
  return folder
}

/** Runs a command of a package manager in a folder, and gives what it prints. */
export async function call(
  manager: Manager,
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const [program, ...before] = programs[manager]
  return callProgram(program, [...before, ...args], cwd, environment)
}

async function callProgram(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const { stdout } = await promisify(execFile)(program, args, { cwd, env, maxBuffer: 1e8 }).catch((error) => {
    throw new Error(`${cwd}: ${program} ${args.join(' ')}\n${error.stdout}\n${error.stderr}`, { cause: error })
  })
  return stdout
}

/** Projects of one package manager that share one installation. */
export interface Installation {
  readonly folder: string
  /** The folder of a project, with the installation's packages. */
  readonly make: (choices: Choices) => string
  /** Runs a script of a project, as the package manager does but without it: that is quicker. */
  readonly run: (path: string, script: string) => Promise<string>
  /** Runs Node in the installation's folder. */
  readonly node: (args: readonly string[]) => Promise<string>
}

/** Installs what all of the projects need. Deployment tools are left out: this workspace does not have them. */
export async function installFor(
  manager: Manager,
  projects: readonly Choices[],
  scratch: string,
  registry: Registry,
): Promise<Installation> {
  const folder = join(scratch, manager.replace(/\W/g, ''))
  const environment = environmentFor(manager, scratch, registry.url)
  mkdirSync(folder)
  const files = projects.map((choices) =>
    project('my-api', { ...choices, deploy: 'none', packageManager: choiceOf(manager) }),
  )
  const needed = { dependencies: {}, devDependencies: {} }
  for (const { 'package.json': text } of files) {
    const { dependencies, devDependencies } = JSON.parse(text!)
    Object.assign(needed.dependencies, dependencies)
    Object.assign(needed.devDependencies, devDependencies)
  }
  // The files that make a folder a project of its package manager, those of a project with Jest first: they decide on most.
  const own = ['pnpm-workspace.yaml', '.yarnrc.yml', 'yarn.lock']
  for (const name of own) {
    const text = files.map((each) => each[name] ?? '').sort((a, b) => b.length - a.length)[0]
    if (files[0]![name] !== undefined) writeFileSync(join(folder, name), text!)
  }
  const manifest = { name: 'all', version: '1.0.0', private: true, type: 'module', ...needed }
  writeFiles(folder, { 'package.json': JSON.stringify(manifest), '.npmrc': `registry=${registry.url}\n` })
  await call(manager, ['install', ...(manager === 'npm' ? ['--no-audit', '--no-fund'] : [])], folder, environment)
  const test = { ...environment, NODE_ENV: 'test' }
  let made = 0
  return {
    folder,
    make: (choices) => {
      const path = join(folder, `project-${++made}`)
      writeFiles(path, project('my-api', choices))
      symlinkSync(join(folder, 'node_modules'), join(path, 'node_modules'))
      return path
    },
    run: (path, script) => callProgram(process.execPath, ['--run', script], path, test),
    node: (args) => callProgram(process.execPath, args, folder, test),
  }
}
