import type { WireRequest } from '@expressway/testing/gateway'
import { Crash, type Invocation, startHandlerProcess } from '@expressway/testing/process'
import * as read from '../arguments.ts'
import type { Command, Terminal } from '../command.ts'
import { usage } from '../failure.ts'

const options = {
  handler: { type: 'string' },
  export: { type: 'string' },
  gateway: { type: 'string' },
  timeout: { type: 'string', default: '30' },
  compact: { type: 'boolean', default: false },
  ...read.gatewayArguments,
} as const

const help = `Usage: expressway invoke EVENT.json --handler FILE [options]

Runs a handler with one event and prints its result. What the handler prints goes to standard error.

  EVENT.json                 a recorded event; - for standard input
  --handler FILE             a module that exports a handler, as handler, default or app
  --export NAME              the handler's export, such as app.streamHandler
  --gateway NAME             print the HTTP response that this gateway makes of the result, instead of the result
  --timeout SECONDS          the function's time-out, 1 to 900; default 30
  --compact                  the result on one line

${read.gatewayHelp}

Exit codes: 0, 1 where the handler failed, 2 for wrong usage.
Example: expressway invoke event.json --handler src/handler.ts`

export const invoke: Command = { summary: 'Run a handler with a recorded event', help, run }

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = read.readArguments('invoke', args, options)
  const file = read.required(read.onlyArgument(positionals, 'event'), 'name the event: expressway invoke EVENT.json.')
  const name = read.required(values.handler, 'name the handler: --handler FILE.')
  const rawEvent = readEvent(file)
  const gateway = values.gateway === undefined ? undefined : read.readGateway(values.gateway)
  // Where nobody asks for a response, this is the gateway that hands on streams as they are.
  const settings = {
    gateway: gateway ?? ('function-url' as const),
    gatewayOptions: read.toGatewayOptions(values),
    context: { remainingMs: read.readNumber('--timeout', values.timeout, 1, 900) * 1000 },
  }
  const process = startHandlerProcess({
    file: read.findFile(name, 'script'),
    exportName: values.export,
    output: 'stderr',
  })
  try {
    await process.ready
    const invocation = await process.invoke(requestOf(rawEvent), settings, undefined, rawEvent)
    const body = await readBody(invocation)
    const error = invocation.error ?? (await invocation.finished)
    if (error !== undefined) terminal.printError(error.trace?.join('\n') || `${error.errorType}: ${error.errorMessage}`)
    if (gateway !== undefined) printResponse(invocation, body, terminal)
    else if (error === undefined) terminal.print(format(resultOf(invocation, body), values.compact))
    return error === undefined ? 0 : 1
  } catch (error) {
    if (!(error instanceof Crash)) throw error
    terminal.printError(error.error.trace?.join('\n') || error.message)
    return 1
  } finally {
    await process.end()
  }
}

function readEvent(file: string): unknown {
  const text = read.readText(file)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw usage(`${file} is not JSON: ${(error as Error).message}.`)
  }
}

/** As much of the request as a gateway asks for when it answers. */
function requestOf(event: unknown): WireRequest {
  const { httpMethod, method, headers, requestContext } = Object(event)
  return {
    method: String(httpMethod ?? requestContext?.http?.method ?? method ?? 'GET'),
    path: '/',
    query: '',
    headers: Object.entries(Object(headers)).map(([name, value]) => [name, String(value)]),
  }
}

async function readBody({ response }: Invocation): Promise<Buffer> {
  if (response.stream === undefined) return Buffer.from(response.body)
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of response.stream) chunks.push(chunk)
  } catch {
    // The invocation says how it ended.
  }
  return Buffer.concat(chunks)
}

/** A streamed answer in the form that a buffered one has. */
function resultOf({ result, prelude, response }: Invocation, body: Buffer): unknown {
  if (response.stream === undefined) return result
  const text = body.toString()
  const isText = Buffer.from(text).equals(body)
  return { ...Object(prelude), body: isText ? text : body.toString('base64'), isBase64Encoded: !isText }
}

const format = (value: unknown, compact: boolean): string => JSON.stringify(value, null, compact ? 0 : 2)

function printResponse({ response }: Invocation, body: Buffer, terminal: Terminal): void {
  for (const warning of response.warnings) terminal.printError(`warning: ${warning}`)
  const lines = response.headers.map(([name, value]) => `${name}: ${value}`)
  terminal.print([`HTTP/1.1 ${response.status} ${response.statusText}`, ...lines, '', body.toString()].join('\n'))
}
