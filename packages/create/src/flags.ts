import { usage } from '../../cli/src/failure.ts'
import { readFlags } from '../../cli/src/flags.ts'
import { suggestion } from '../../cli/src/nearest.ts'
import { type ChoiceName, type Choices, canStream, choices, namesOf } from './choices.ts'
import { packageManagerNames, packageManagers, runningManager } from './package-managers.ts'

const options = {
  framework: { type: 'string' },
  language: { type: 'string' },
  gateway: { type: 'string' },
  streaming: { type: 'boolean' },
  test: { type: 'string' },
  deploy: { type: 'string' },
  'package-manager': { type: 'string' },
  install: { type: 'boolean' },
  git: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

/** What the command line says. */
export interface Flags {
  readonly folder?: string
  readonly chosen: Partial<Choices> & Pick<Choices, 'packageManager'>
  readonly install: boolean | undefined
  readonly git: boolean
  readonly yes: boolean
  readonly json: boolean
  readonly help: boolean
  readonly version: boolean
}

/**
 * @param environment has `npm_config_user_agent`, which names the package manager.
 * @throws Failure for a flag that does not exist, for a name that a choice does not have, for several folders
 */
export function parseFlags(args: string[], environment: NodeJS.ProcessEnv): Flags {
  const config = { args, options, allowNegative: true } as const
  const { values, positionals } = readFlags('this command', '--help lists its options.', config)
  const { install, git = true, yes = false, json = false, help = false, version = false } = values
  const chosen: Flags['chosen'] = {
    packageManager: oneOf('--package-manager', values['package-manager'], packageManagerNames) ?? running(environment),
  }
  for (const choice of Object.keys(choices) as ChoiceName[]) read(choice, chosen, values[choice])
  if (values.streaming !== undefined) chosen.streaming = values.streaming
  if (!help && !version) {
    refuseSwallowed(environment)
    refuseSeveral(positionals)
  }
  refuseStreaming(chosen)
  return { folder: positionals[0], chosen, install, git, yes, json, help, version }
}

const running = (environment: NodeJS.ProcessEnv): Choices['packageManager'] =>
  runningManager(environment['npm_config_user_agent'])

function read<Name extends ChoiceName>(choice: Name, chosen: Partial<Choices>, value: string | undefined): void {
  const name = oneOf<Choices[Name]>(`--${choice}`, value, namesOf(choice))
  if (name !== undefined) chosen[choice] = name
}

function oneOf<Name extends string>(flag: string, value: string | undefined, names: readonly Name[]): Name | undefined {
  if (value === undefined) return undefined
  const name = names.find((each) => each === value)
  if (name !== undefined) return name
  throw usage(`${flag} has no "${value}".${suggestion(value, names)} It takes ${listOf(names)}.`)
}

const listOf = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

/** npm takes every flag before `--` for itself: it sets a variable, and gives the flag's value as an argument. */
function refuseSwallowed(environment: NodeJS.ProcessEnv): void {
  if (running(environment) !== 'npm') return
  const flags = [...Object.keys(choices), 'streaming', 'package-manager', 'install']
  const swallowed = flags.find((flag) => environment[`npm_config_${flag.replace('-', '_')}`] !== undefined)
  if (swallowed === undefined) return
  throw usage(
    `npm has kept --${swallowed} for itself: put "--" before the options, as in ${packageManagers.npm.create} --framework core.`,
  )
}

function refuseSeveral(positionals: string[]): void {
  if (positionals.length > 1) throw usage(`name one folder, not ${positionals.length}: ${positionals.join(' ')}.`)
}

/** @throws Failure if a project is to stream behind a gateway that does not */
export function refuseStreaming({ streaming, gateway }: Partial<Choices>): void {
  if (!streaming || gateway === undefined || canStream(gateway)) return
  const streamed = namesOf('gateway').filter(canStream)
  throw usage(
    `--gateway ${gateway} sends whole answers only: leave --streaming out, or choose --gateway ${streamed.join(' or ')}.`,
  )
}

const lines = (choice: ChoiceName): string =>
  Object.entries(choices[choice].names)
    .map(([name, meaning], index) => `      ${name.padEnd(14)} ${meaning}${index === 0 ? ' (default)' : ''}`)
    .join('\n')

/** The text of `--help`, in the words of a package manager. */
export const helpFor = (manager: Choices['packageManager']): string => {
  const create = packageManagers[manager].create
  return `Usage: ${create.replace('my-api', '[folder]')} [options]

Makes a small HTTP API for AWS Lambda: an application with a test, a bundle and deployment files. On a terminal it asks
for what no option says; otherwise the defaults hold.

  folder                     a new or empty folder, whose name is the project's; default my-api

  --framework NAME
${lines('framework')}
  --language NAME
${lines('language')}
  --gateway NAME
${lines('gateway')}
  --streaming                send answers while they are written, behind function-url or rest-api
  --test NAME
${lines('test')}
  --deploy NAME
${lines('deploy')}
  --package-manager NAME     ${listOf(packageManagerNames)}; default: the one that runs this
  --no-install               do not install the packages
  --no-git                   do not make a git repository
  -y, --yes                  ask nothing: the defaults for what no option says
  --json                     ask nothing, and print what was made as one JSON object
  -h, --help, -v, --version

Examples:
  ${create.replace(/ --$/, '')}
  ${create} --yes
  ${create} --framework express --gateway rest-api --deploy cdk
  ${create} --gateway function-url --streaming --test node --no-install

Exit codes: 0, 1 if the project could not be made or its packages not installed, 2 for wrong usage.`
}
