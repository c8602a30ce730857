import { readFileSync } from 'node:fs'
import { toWireRequest } from '@expressway/testing/events'
import { gateway as gatewayNamed } from '@expressway/testing/gateway'
import * as read from '../arguments.ts'
import type { Command, Terminal } from '../command.ts'
import { usage } from '../failure.ts'

const options = {
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd' },
  json: { type: 'string' },
  compact: { type: 'boolean', default: false },
  ...read.gatewayArguments,
} as const

const help = `Usage: expressway event GATEWAY [METHOD] PATH [options]

Prints the event that a gateway makes of a request.

  GATEWAY                    rest-api, http-api, http-api-v1, function-url, alb, alb-multi-value, vpc-lattice,
                             vpc-lattice-v1
  METHOD                     default GET, or POST where there is a body
  PATH                       /hello/ada?lang=en
  -H, --header 'NAME: VALUE' a header; may be repeated
  -d, --data TEXT            the body; @FILE takes it from a file, @- from standard input
  --json TEXT                the body, with content-type: application/json
  --compact                  on one line

${read.gatewayHelp}

Example: expressway event http-api GET /hello/ada`

export const event: Command = { summary: 'Print the event that a gateway makes of a request', help, run }

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = read.readArguments('event', args, options)
  const [name, ...rest] = positionals
  if (name === undefined || rest.length === 0 || rest.length > 2) {
    throw usage('name a gateway and a path: expressway event http-api GET /hello/ada.')
  }
  const gateway = gatewayNamed(read.readGateway(name))
  const path = rest.at(-1)!
  if (!path.startsWith('/')) throw usage(`a path starts with "/", this one does not: ${path}`)
  const text = values.json ?? values.data
  const method = rest.length === 2 ? rest[0] : text === undefined ? 'GET' : 'POST'
  const headers = (values.header ?? []).map(toField)
  if (values.json !== undefined) headers.push(['content-type', 'application/json'])
  const request = toWireRequest({ method, path, headers, body: text === undefined ? undefined : readData(text) })
  const made = gateway.toEvent(request, read.toGatewayOptions(values))
  terminal.print(JSON.stringify(made, null, values.compact ? 0 : 2))
  return 0
}

function toField(line: string): [string, string] {
  const at = line.indexOf(':')
  if (at > 0) return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
  throw usage(`a header is 'name: value', this is none: ${line}`)
}

function readData(text: string): Uint8Array {
  if (!text.startsWith('@')) return Buffer.from(text)
  return readFileSync(text === '@-' ? 0 : read.findFile(text.slice(1), 'person'))
}
