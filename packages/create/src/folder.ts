import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { Failure } from '../../cli/src/failure.ts'

/** What may be in a folder that counts as empty: a fresh clone has it. */
const harmless = ['.git', '.DS_Store']

/**
 * Why no project can be made in a folder, and what to do, or undefined if one can.
 * @param named the folder as the person named it.
 * @param folder its absolute path.
 */
export function faultOf(named: string, folder: string): string | undefined {
  const occupied = occupation(folder)
  if (occupied !== undefined) return `${named} ${occupied}: name a new or empty folder.`
  const name = basename(folder)
  if (isName(name)) return undefined
  return `"${name}" cannot name a package and a function: use up to 40 lower-case letters, digits and hyphens, such as ${similarTo(name)}.`
}

function occupation(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined
  if (!statSync(folder).isDirectory()) return 'is a file'
  const found = readdirSync(folder).filter((name) => !harmless.includes(name))
  return found.length === 0 ? undefined : `is not empty, it has ${found.slice(0, 3).join(', ')}`
}

/** Whether npm, Lambda and CloudFormation all take a name. npm refuses those of Node's own modules. */
const isName = (name: string): boolean =>
  /^(?=.{1,40}$)[a-z](-?[a-z0-9])*$/.test(name) && !builtinModules.includes(name)

function similarTo(name: string): string {
  const similar =
    name
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join('-') ?? ''
  const short = similar
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-$/, '')
  return isName(short) ? short : 'my-api'
}

/**
 * Writes files by their path in a folder, which is made if it does not exist.
 * @throws Failure if that is not possible; nothing that was made stays
 */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  const missing = firstMissing(folder)
  const before = missing === undefined ? readdirSync(folder) : []
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
  } catch (error) {
    if (missing !== undefined) rmSync(missing, { recursive: true, force: true })
    else
      for (const name of readdirSync(folder))
        if (!before.includes(name)) rmSync(join(folder, name), { recursive: true })
    throw new Failure(`${folder} cannot be written, and nothing was left there: ${(error as Error).message}.`)
  }
}

/** The outermost folder of a path that does not exist. */
function firstMissing(folder: string): string | undefined {
  if (existsSync(folder)) return undefined
  return firstMissing(dirname(folder)) ?? folder
}
