import { basename, relative, resolve } from 'node:path'
import { Failure, usage } from '../../cli/src/failure.ts'
import type { Terminal } from '../../cli/src/terminal.ts'
import { type Choices, complete, choices as table } from './choices.ts'
import { type Flags, helpFor, parseFlags } from './flags.ts'
import { faultOf, writeFiles } from './folder.ts'
import { installPackages, makeRepository } from './install.ts'
import { runScript } from './package-managers.ts'
import { project } from './project.ts'
import type { Person } from './questions.ts'
import { version } from './versions.ts'

/** What the program has around it. */
export interface Surroundings {
  readonly terminal: Terminal
  /** Who answers questions, or undefined if standard input or output is not a terminal. */
  readonly person?: Person
  /** The folder that it was started in. */
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
}

/** `npm create @expressway`; the result is the exit code: 0 for success, 1 if it failed, 2 for wrong usage. */
export async function main(args: string[], around: Surroundings): Promise<number> {
  try {
    await run(args, around)
    return 0
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    around.terminal.printError(`create: ${error.message}`)
    if (error.detail !== '') around.terminal.printError(error.detail)
    return error.exitCode
  }
}

async function run(args: string[], around: Surroundings): Promise<void> {
  const { terminal } = around
  const flags = parseFlags(args, around.environment)
  if (flags.help) return terminal.print(helpFor(flags.chosen.packageManager))
  if (flags.version) return terminal.print(version)
  const { folder, choices, install } = await decide(flags, around)
  const name = basename(folder)
  const files = project(name, choices)
  writeFiles(folder, files)
  const git = flags.git && (await makeRepository(folder))
  if (install) await installed(folder, choices, around)
  const commands = nextCommands(relative(around.folder, folder), choices, install)
  if (!flags.json) return terminal.print(summary(name, choices, commands, terminal))
  const made = { name, folder, ...choices, files: Object.keys(files), installed: install, git }
  terminal.print(JSON.stringify({ ...made, commands: commands.map(([command]) => command) }, null, 2))
}

/** All that has to be known before a file is written. */
interface Decision {
  readonly folder: string
  readonly choices: Choices
  readonly install: boolean
}

async function decide({ folder, chosen, install, yes, json }: Flags, around: Surroundings): Promise<Decision> {
  const { person } = around
  const asks = !yes && !json && person !== undefined
  const at = (name: string): string => resolve(around.folder, name)
  const named = folder ?? (asks ? undefined : 'my-api')
  const fault = named === undefined ? undefined : faultOf(named, at(named))
  if (fault !== undefined) throw usage(fault)
  if (!asks) return { folder: at(named!), choices: complete(chosen), install: install ?? true }
  const questions = await import('./questions.ts')
  const answer = named ?? (await questions.askFolder(person, (name) => faultOf(name, at(name))))
  const choices = complete(await questions.askChoices(person, chosen))
  const wanted = `Install the packages with ${choices.packageManager}?`
  return { folder: at(answer), choices, install: install ?? (await questions.askYes(person, wanted, true)) }
}

async function installed(folder: string, { packageManager }: Choices, around: Surroundings): Promise<void> {
  const done = around.terminal.progress(`Installing the packages with ${packageManager} …`)
  try {
    await installPackages(folder, packageManager, around.environment)
  } finally {
    done()
  }
}

/** Commands to go on with, each with what it does. */
function nextCommands(folder: string, { packageManager, deploy }: Choices, isInstalled: boolean): [string, string][] {
  return [
    ...(folder === '' ? [] : [[`cd ${folder}`, ''] as [string, string]]),
    ...(isInstalled ? [] : [[`${packageManager} install`, ''] as [string, string]]),
    [runScript(packageManager, 'dev'), 'http://localhost:3000/hello/ada'],
    [runScript(packageManager, 'test'), 'requests through the gateway'],
    [runScript(packageManager, 'build'), 'dist/handler.mjs'],
    ...(deploy === 'none'
      ? []
      : [[runScript(packageManager, 'deploy'), table.deploy.names[deploy]] as [string, string]]),
  ]
}

function summary(name: string, choices: Choices, commands: [string, string][], { paint }: Terminal): string {
  const { framework, language, gateway, streaming, test, deploy } = choices
  const parts = [framework, language, gateway, ...(streaming ? ['streaming'] : []), test, deploy]
  const lines = commands.map(([command, meaning]) => `  ${command.padEnd(18)} ${paint('dim', meaning)}`.trimEnd())
  return [`${paint('green', name)} is ready: ${parts.join(', ')}. Go on with`, '', ...lines].join('\n')
}
