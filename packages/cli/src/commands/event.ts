import { toWireRequest } from '@expressway/testing/events'
import { type Gateway, gateway as gatewayNamed } from '@expressway/testing/gateway'
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

Prints, as JSON, the event that a gateway makes of a request. Ids and times are the same each time.

  GATEWAY                    in parentheses are short names:
                             ${read.gatewayList}
  METHOD                     default GET, or POST if there is a body
  PATH                       /hello/ada?lang=en
  -H, --header 'NAME: VALUE' a header; may be repeated
  -d, --data TEXT            the body; @FILE takes it from a file, @- from standard input
  --json TEXT                the body, with content-type: application/json
  --compact                  the event on one line

${read.gatewayHelp}

Examples:
  expressway event http-api /hello/ada
  expressway event rest-api POST /orders --json '{"price":"5"}' -H 'x-tenant: blue' > event.json
  expressway event alb PUT /pictures/1 -d @picture.png --compact

Exit codes: 0, or 2 for wrong usage.`

export const event: Command = { summary: 'Print the event that a gateway makes of a request', help, run }

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = read.readArguments('event', args, options)
  const [gateway, path, given] = readPositionals(positionals)
  const text = values.json ?? values.data
  const method = given ?? (text === undefined ? 'GET' : 'POST')
  const headers = (values.header ?? []).map(toField)
  if (values.json !== undefined) headers.push(['content-type', 'application/json'])
  const request = toWireRequest({ method, path, headers, body: text === undefined ? undefined : readData(text) })
  const made = gateway.toEvent(request, read.toGatewayOptions(values))
  terminal.print(JSON.stringify(made, null, values.compact ? 0 : 2))
  return 0
}

function readPositionals([name, ...rest]: string[]): [Gateway, path: string, method?: string] {
  const path = rest.at(-1)
  if (name?.startsWith('/')) throw usage(`the gateway comes before the path: expressway event http-api ${name}.`)
  const gateway = name === undefined ? undefined : gatewayNamed(read.readGateway(name))
  if (gateway === undefined || path === undefined || rest.length > 2) {
    throw usage(`name a gateway and a path: expressway event ${name ?? 'http-api'} GET /hello/ada.`)
  }
  if (rest.length === 2 && rest[0]!.startsWith('/')) {
    throw usage(`the method comes before the path: expressway event ${name} ${path} ${rest[0]}.`)
  }
  if (!path.startsWith('/')) throw usage(`a path starts with "/", and "${path}" does not.`)
  return [gateway, path, rest.length === 2 ? rest[0] : undefined]
}

function toField(line: string): [string, string] {
  const at = line.indexOf(':')
  if (at > 0) return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
  throw usage(`a header is 'name: value', not "${line}".`)
}

const readData = (text: string): Uint8Array =>
  text.startsWith('@') ? read.readBytes(text.slice(1)) : Buffer.from(text)
