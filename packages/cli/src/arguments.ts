import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ParseArgsConfig } from 'node:util'
import {
  type GatewayAlias,
  type GatewayName,
  type GatewayOptions,
  gatewayAliases,
  gatewayNames,
  toGatewayName,
} from '@expressway/testing/gateway'
import { usage } from './failure.ts'
import { readFlags } from './flags.ts'
import { suggestion } from './nearest.ts'

/**
 * `parseArgs` of Node, for `expressway <command>`.
 * @throws Failure for what the command does not take, with the name that was probably meant
 */
export function readArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  args: string[],
  options: Options,
) {
  return readFlags(command, `expressway ${command} --help lists its options.`, { args, options })
}

/** The options that describe a gateway, for every command that has one. */
export const gatewayArguments = {
  stage: { type: 'string' },
  'base-path': { type: 'string' },
  resource: { type: 'string' },
  'binary-media-types': { type: 'string' },
  cors: { type: 'boolean' },
  'gateway-options': { type: 'string' },
} as const

/** Every gateway with its short names, in the lines of a help text's second column. */
export const gatewayList = gatewayLines().join(`\n${' '.repeat(29)}`)

function gatewayLines(): string[] {
  const lines = ['']
  for (const name of gatewayNames) {
    const aliases = gatewayAliases(name)
    const item = aliases.length === 0 ? name : `${name} (${aliases.join(', ')})`
    const line = lines.at(-1)!
    // The column is 90 characters wide.
    if (line === '') lines[lines.length - 1] = item
    else if (line.length + item.length + 2 < 90) lines[lines.length - 1] = `${line}, ${item}`
    else {
      lines[lines.length - 1] = `${line},`
      lines.push(item)
    }
  }
  return lines
}

/** The options of a gateway, for the help of every command that has {@link gatewayArguments}. */
export const gatewayHelp = `Gateway options:
  --stage NAME               the deployment stage
  --base-path PATH           a custom domain's mapping, such as /v1
  --resource PATH            the gateway's resource, such as /users/{id}
  --binary-media-types LIST  a REST API's, separated by commas: image/*,application/pdf
  --cors                     the CORS of the HTTP API or function URL itself, for every origin
  --gateway-options JSON     any other: '{"claims":{"sub":"ada"}}'`

/** The values of {@link gatewayArguments}. */
export interface GatewayValues {
  stage?: string
  'base-path'?: string
  resource?: string
  'binary-media-types'?: string
  cors?: boolean
  'gateway-options'?: string
}

/**
 * The options of a gateway that the command line gives.
 * @throws Failure if `--gateway-options` is not a JSON object
 */
export function toGatewayOptions(values: GatewayValues): GatewayOptions {
  const { stage, resource, cors } = values
  const named = {
    stage,
    resource,
    cors,
    basePath: values['base-path'],
    binaryMediaTypes: values['binary-media-types']?.split(',').map((type) => type.trim()),
  }
  const given = Object.entries(named).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(given), ...readOptionsJson(values['gateway-options']) }
}

function readOptionsJson(json: string | undefined): GatewayOptions {
  if (json === undefined) return {}
  try {
    const options: unknown = JSON.parse(json)
    if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options
  } catch {
    // Text that is not JSON and JSON that is not an object get the same sentence.
  }
  throw usage(`--gateway-options takes a JSON object, not ${json}`)
}

/** @throws Failure for a name that no gateway has */
export function readGateway(name: string): GatewayName {
  try {
    return toGatewayName(name as GatewayAlias)
  } catch {
    throw usage(
      `there is no gateway "${name}".${suggestion(name, gatewayNames)} The gateways are ${gatewayNames.join(', ')}.`,
    )
  }
}

/**
 * A whole number from `least` to `most`.
 * @throws Failure for any other text
 */
export function readNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value
  throw usage(`${option} takes a whole number from ${least} to ${most}, not "${text}"`)
}

/**
 * The only positional argument, or undefined if there is none.
 * @throws Failure if there are several
 */
export function onlyArgument(positionals: string[], what: string): string | undefined {
  if (positionals.length > 1) throw usage(`name one ${what}, not ${positionals.length}: ${positionals.join(' ')}`)
  return positionals[0]
}

/**
 * The absolute path of a file that the command line names. A package manager runs scripts in the package's folder and puts
 * the person's folder into INIT_CWD: a name in the script is looked for in the first, one that the person adds in the second.
 * @throws Failure if there is no such file, or if it is a folder
 */
export function findFile(name: string, namedBy: 'script' | 'person'): string {
  const here = resolve(name)
  const there = resolve(process.env['INIT_CWD'] ?? '', name)
  const candidates = namedBy === 'script' ? [here, there] : [there, here]
  const found = candidates.find((path) => existsSync(path))
  if (found === undefined) {
    throw usage(
      `there is no file ${name}${here === there ? '' : ` in ${process.cwd()} or ${process.env['INIT_CWD']}`}.`,
    )
  }
  if (statSync(found).isDirectory()) throw usage(`${name} is a folder: name a file in it.`)
  return found
}

/**
 * Bytes of a file, or of standard input for `-`.
 * @throws Failure if the file cannot be read
 */
export function readBytes(name: string): Buffer {
  const file = name === '-' ? 0 : findFile(name, 'person')
  try {
    return readFileSync(file)
  } catch (error) {
    throw usage(`${name} cannot be read: ${(error as Error).message}.`)
  }
}

/**
 * The value of an option that the command cannot do without.
 * @throws Failure with the message if there is no value
 */
export function required<Value>(value: Value | undefined, message: string): Value {
  if (value !== undefined) return value
  throw usage(message)
}
