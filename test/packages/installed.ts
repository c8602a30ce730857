// The packages as a user installs them: packed by pnpm, extracted below a node_modules of their own. What they depend on
// and the tools of the tests are linked from this workspace, so that no test asks a registry.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { inject } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const tools = join(import.meta.dirname, 'node_modules')

/** The names of the packages that are published. */
export const names = readdirSync(join(root, 'packages'))

export interface Installed {
  readonly folder: string
  /** Writes files below the folder, by path. */
  readonly write: (files: Readonly<Record<string, string>>) => void
  /** Runs the node of this process, or the one of an alias such as `node22`, and gives what it prints. */
  readonly node: (args: readonly string[], alias?: string) => string
  /** The path of a tool below `node_modules`. */
  readonly tool: (path: string) => string
}

/** The packed file of each package, by its name without scope. */
export async function tarballs(): Promise<Map<string, string>> {
  const folder = await once('tarballs', (folder) => {
    for (const name of names) {
      const packed = run('pnpm', ['pack', '--json', '--pack-destination', folder], join(root, 'packages', name))
      renameSync(resolve(folder, JSON.parse(packed).filename), join(folder, `${name}.tgz`))
    }
  })
  return new Map(names.map((name) => [name, join(folder, `${name}.tgz`)]))
}

/** One project with every package, which all test files of a run share: each writes files of its own name. */
export async function install(): Promise<Installed> {
  const packed = await tarballs()
  const folder = await once('project', (folder) => {
    const modules = join(folder, 'node_modules')
    for (const [name, tarball] of packed) extract(tarball, join(modules, '@expressway', name))
    linkAll(tools, modules)
    for (const name of names)
      linkAll(join(root, 'packages', name, 'node_modules'), modules, runtimeOf(join(root, 'packages', name)))
    // What only `pnpm` hoists, such as the types that @types/express is made of.
    linkAll(join(root, 'node_modules/.pnpm/node_modules'), modules, ['@types'])
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  })
  const tool = (path: string) => join(folder, 'node_modules', path)
  return {
    folder,
    tool,
    write: (files) => {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), content)
      }
    },
    node: (args, alias) => run(alias ? tool(`${alias}/bin/node`) : process.execPath, args, folder),
  }
}

/** Makes a folder once in a run: the first test file that asks makes it, the others wait. The global set-up removes it. */
async function once(name: string, make: (folder: string) => void): Promise<string> {
  const folder = join(inject('scratch'), name)
  const done = `${folder}.done`
  try {
    mkdirSync(folder)
  } catch {
    while (!existsSync(done)) await setTimeout(100)
    const fault = readFileSync(done, 'utf8')
    if (fault) throw new Error(fault)
    return folder
  }
  let fault = ''
  try {
    make(folder)
  } catch (error) {
    fault = String((error as Error).stack)
    throw error
  } finally {
    writeFileSync(`${done}.part`, fault)
    renameSync(`${done}.part`, done)
  }
  return folder
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

/** Unpacks a tarball into a folder. */
export function extract(tarball: string, folder: string): void {
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
