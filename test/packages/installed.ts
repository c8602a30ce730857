// The packages as a user installs them: packed by pnpm, extracted below a node_modules of their own. What they depend on
// and the tools of the tests are linked from this workspace, so that no test asks a registry.
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const tools = join(import.meta.dirname, 'node_modules')

/** The names of the packages that are published. */
export const names = readdirSync(join(root, 'packages'))

export interface Installed {
  readonly folder: string
  /** The packed file of a package. */
  readonly tarball: (name: string) => string
  /** Writes files below the folder, by path. */
  readonly write: (files: Readonly<Record<string, string>>) => void
  /** Runs the node of this process, or the one of an alias such as `node22`, and gives what it prints. */
  readonly node: (args: readonly string[], alias?: string) => string
  /** The path of a tool below `node_modules`. */
  readonly tool: (path: string) => string
  readonly remove: () => void
}

/**
 * Packs and extracts every package. Remove the folder when the tests are over.
 * @param express installs the shim under the name `express`, too.
 */
export function install({ express = false } = {}): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'expressway-installed-'))
  const modules = join(folder, 'node_modules')
  const tarballs = new Map(names.map((name) => [name, pack(name, folder)]))
  for (const [name, tarball] of tarballs) extract(tarball, join(modules, '@expressway', name))
  if (express) extract(tarballs.get('express-shim')!, join(modules, 'express'))
  linkAll(tools, modules)
  for (const name of names)
    linkAll(join(root, 'packages', name, 'node_modules'), modules, runtimeOf(join(root, 'packages', name)))
  // What only `pnpm` hoists, such as the types that @types/express is made of.
  linkAll(join(root, 'node_modules/.pnpm/node_modules'), modules, ['@types'])
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const tool = (path: string) => join(modules, path)
  return {
    folder,
    tool,
    tarball: (name) => tarballs.get(name)!,
    write: (files) => {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), content)
      }
    },
    node: (args, alias) => run(alias ? tool(`${alias}/bin/node`) : process.execPath, args, folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Runs a command; an error holds all that it printed. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { NODE_OPTIONS, VITEST, ...env } = process.env
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe', env: { ...env, NODE_ENV: 'test' } })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error })
  }
}

function pack(name: string, destination: string): string {
  const output = run('pnpm', ['pack', '--json', '--pack-destination', destination], join(root, 'packages', name))
  return resolve(destination, JSON.parse(output).filename)
}

function extract(tarball: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'])
}

function runtimeOf(folder: string): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return Object.keys(dependencies).filter((name) => !name.startsWith('@expressway/'))
}

/** Links modules, and the modules of scopes, that are not there yet. */
function linkAll(from: string, to: string, only = readdirSync(from)): void {
  for (const name of only.filter((each) => !/^(\.|@expressway$)/.test(each))) {
    if (/^@[^/]+$/.test(name)) linkAll(join(from, name), join(to, name))
    else if (!existsSync(join(to, name))) {
      mkdirSync(dirname(join(to, name)), { recursive: true })
      symlinkSync(join(from, name), join(to, name))
    }
  }
}
