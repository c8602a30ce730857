import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { Failure } from '../../cli/src/failure.ts'
import type { Choices } from './choices.ts'
import { packageManagers } from './package-managers.ts'

const call = promisify(execFile)

/** Makes a git repository. The result is false if the folder is in one already, or if git is missing. */
export async function makeRepository(folder: string): Promise<boolean> {
  const git = (...args: string[]): Promise<boolean> =>
    call('git', args, { cwd: folder }).then(
      () => true,
      () => false,
    )
  return !(await git('rev-parse', '--is-inside-work-tree')) && (await git('init', '--quiet'))
}

/**
 * Installs a project's packages.
 * @throws Failure if that is not possible; the project stays, without packages
 */
export async function installPackages(
  folder: string,
  manager: Choices['packageManager'],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  try {
    await call(manager, packageManagers[manager].install, {
      cwd: folder,
      // In CI, Yarn writes no lock file unless it may.
      env: { ...environment, YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' },
      maxBuffer: 1e8,
      // There they are .cmd files, which need a shell.
      shell: process.platform === 'win32',
    })
  } catch (error) {
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true })
    const { code, stdout = '', stderr = '' } = error as { code?: string | number; stdout?: string; stderr?: string }
    const said = stripVTControlCharacters(`${stdout}\n${stderr}`).trim()
    const again = `The project is in ${folder}, without packages: run "${manager} install" there`
    if (code === 'ENOENT') throw new Failure(`${manager} is not installed. ${again} once it is.`)
    if (unreachable.test(said))
      throw new Failure(`${manager} cannot reach its registry. ${again} when the network is back.`)
    throw new Failure(`${manager} could not install the packages. ${again} to try again. It said:`, { detail: said })
  }
}

/** What package managers say if they have no network. */
const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|RequestError/
