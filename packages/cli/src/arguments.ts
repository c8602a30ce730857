import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { GatewayName, GatewayOptions } from '@expressway/testing/gateway'
import { type GatewayAlias, toGatewayName } from '@expressway/testing/gateway'
import { usage } from './failure.ts'

/** `parseArgs` of Node, with its complaints as wrong usage. */
export function readArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    const sentence = (error as Error).message.split(/(?<=\.) /)[0]!
    throw usage(`${sentence.replace(/\.$/, '')}; expressway ${command} --help lists what there is.`)
  }
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

export const gatewayHelp = `Gateway options:
  --stage NAME               the deployment stage
  --base-path PATH           a custom domain's mapping, such as /v1
  --resource PATH            the gateway's resource, such as /users/{id}
  --binary-media-types LIST  a REST API's, separated by commas: image/*,application/pdf
  --cors                     the CORS of the HTTP API or function URL itself, for every origin
  --gateway-options JSON     any other: '{"claims":{"sub":"ada"}}'`

export interface GatewayValues {
  stage?: string
  'base-path'?: string
  resource?: string
  'binary-media-types'?: string
  cors?: boolean
  'gateway-options'?: string
}

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
    // The same sentence says it for text that is no JSON and for JSON that is no object.
  }
  throw usage(`--gateway-options takes a JSON object, this is none: ${json}`)
}

/** @throws Failure for a name that no gateway has. */
export function readGateway(name: string): GatewayName {
  try {
    return toGatewayName(name as GatewayAlias) // What is no alias is what it throws for.
  } catch (error) {
    throw usage((error as Error).message)
  }
}

/** A whole number from `least` to `most`. */
export function readNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value
  throw usage(`${option} takes a whole number from ${least} to ${most}, this is none: ${text}`)
}

/** The only positional argument, or nothing where there is none. */
export function onlyArgument(positionals: string[], what: string): string | undefined {
  if (positionals.length > 1)
    throw usage(`there is one ${what} to name, these are ${positionals.length}: ${positionals.join(' ')}`)
  return positionals[0]
}

/**
 * A file that somebody named. A package manager runs scripts in the package's folder and says in INIT_CWD where the person
 * was: what the script names is found in the first, what the person adds in the second.
 */
export function findFile(name: string, namedBy: 'script' | 'person'): string {
  const here = resolve(name)
  const there = resolve(process.env['INIT_CWD'] ?? '', name)
  const candidates = namedBy === 'script' ? [here, there] : [there, here]
  const found = candidates.find((path) => existsSync(path))
  if (found !== undefined) return found
  throw usage(`there is no file ${name}${here === there ? '' : ` in ${process.cwd()} or ${process.env['INIT_CWD']}`}.`)
}

/** Text of a file, or of standard input for `-`. */
export const readText = (name: string): string => readFileSync(name === '-' ? 0 : findFile(name, 'person'), 'utf8')

/** The value of an option that the command cannot do without. */
export function required<Value>(value: Value | undefined, message: string): Value {
  if (value !== undefined) return value
  throw usage(message)
}
