import type { LambdaError, WireRequest, WireResponse } from '@expressway/testing/gateway'
import {
  Crash,
  type HandlerProcess,
  type Invocation,
  type InvocationSettings,
  startHandlerProcess,
} from '@expressway/testing/process'
import * as read from '../arguments.ts'
import type { Command, Terminal } from '../command.ts'
import { usage } from '../failure.ts'

const options = {
  handler: { type: 'string' },
  export: { type: 'string' },
  gateway: { type: 'string' },
  timeout: { type: 'string', default: '30' },
  json: { type: 'boolean', default: false },
  compact: { type: 'boolean', default: false },
  ...read.gatewayArguments,
} as const

const help = `Usage: expressway invoke EVENT.json --handler FILE [options]

Runs a handler with one event and prints its result as JSON. What the handler prints goes to standard error.

  EVENT.json                 a recorded event; - for standard input
  --handler FILE             a module that exports a handler as handler, default or app
  --export NAME              the handler's export, such as app.streamHandler
  --gateway NAME             print the HTTP response that this gateway makes of the result, instead of the result:
                             ${read.gatewayList}
  --timeout SECONDS          the function's time-out, 1 to 900; default 30
  --json                     for programs: one object with result or error, durationMs, and response with --gateway
  --compact                  JSON on one line

${read.gatewayHelp}

Examples:
  expressway invoke event.json --handler src/handler.ts
  expressway invoke event.json --handler src/handler.ts --gateway http-api
  expressway event alb /hello/ada | expressway invoke - --handler src/handler.ts --json

Exit codes: 0, 1 if the handler failed or cannot be loaded, 2 for wrong usage.`

export const invoke: Command = { summary: 'Run a handler with a recorded event', help, run }

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = read.readArguments('invoke', args, options)
  const { eventFile, handlerFile } = readFiles(positionals, values.handler)
  const rawEvent = readEvent(eventFile)
  const gateway = values.gateway === undefined ? undefined : read.readGateway(values.gateway)
  const settings = {
    // Without --gateway: of all gateways the function URL passes streams on as they are.
    gateway: gateway ?? ('function-url' as const),
    gatewayOptions: read.toGatewayOptions(values),
    context: { remainingMs: read.readNumber('--timeout', values.timeout, 1, 900) * 1000 },
  }
  const child = startHandlerProcess({
    file: read.findFile(handlerFile, 'script'),
    exportName: values.export,
    output: 'stderr',
  })
  try {
    await child.ready
    const { result, error, response, durationMs } = await ended(child, rawEvent, settings)
    const indent = values.compact ? 0 : 2
    if (values.json) {
      const shown = gateway === undefined || response === undefined ? {} : { response: toJson(response) }
      terminal.print(JSON.stringify({ result, error, durationMs, ...shown }, null, indent))
      return error === undefined ? 0 : 1
    }
    if (error !== undefined) terminal.printError(error.trace?.join('\n') || describe(error))
    if (gateway !== undefined && response !== undefined) printResponse(response, terminal)
    else if (error === undefined) terminal.print(JSON.stringify(result, null, indent))
    return error === undefined ? 0 : 1
  } finally {
    await child.end()
  }
}

/** An invocation that is over, with its body. */
interface Ended {
  result?: unknown
  error?: LambdaError
  /** `undefined` if the process ended before there was one. */
  response?: WireResponse
  durationMs: number
}

async function ended(child: HandlerProcess, rawEvent: unknown, settings: InvocationSettings): Promise<Ended> {
  const started = performance.now()
  try {
    const invocation = await child.invoke(requestOf(rawEvent), settings, undefined, rawEvent)
    const body = await readBody(invocation)
    const error = invocation.error ?? (await invocation.finished)
    const response = { ...invocation.response, body }
    const result = error === undefined ? resultOf(invocation, body) : undefined
    return { result, error, response, durationMs: performance.now() - started }
  } catch (error) {
    if (!(error instanceof Crash)) throw error
    return { error: error.error, durationMs: performance.now() - started }
  }
}

/** A process that ended has no name of an error that says more than its message. */
const describe = ({ errorType, errorMessage }: LambdaError): string =>
  errorType === 'Runtime.ExitError' ? errorMessage : `${errorType}: ${errorMessage}`

/** Whether a file is a program by its name, and so no event. */
const isProgram = (file: string): boolean => /\.[cm]?[jt]sx?$/.test(file)

function readFiles(positionals: string[], handler: string | undefined): { eventFile: string; handlerFile: string } {
  const program = positionals.find(isProgram)
  if (program !== undefined) {
    const event = positionals.find((name) => name !== program) ?? 'EVENT.json'
    const right = `expressway invoke ${event} --handler ${handler ?? program}`
    throw usage(`${program} is a program, not an event. The handler is named by --handler: ${right}.`)
  }
  const example = 'expressway invoke EVENT.json --handler FILE'
  const eventFile = read.required(read.onlyArgument(positionals, 'event'), `name the event: ${example}.`)
  return { eventFile, handlerFile: read.required(handler, `name the handler by --handler: ${example}.`) }
}

function readEvent(file: string): unknown {
  const text = read.readBytes(file).toString()
  try {
    return JSON.parse(text)
  } catch (error) {
    throw usage(`${file} is not JSON: ${(error as Error).message.replace(/\s+/g, ' ')}.`)
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
  return { ...Object(prelude), ...bodyAsText(body) }
}

/** A body as a result has it: text, or base64 if it is not text. */
function bodyAsText(bytes: Buffer): { body: string; isBase64Encoded: boolean } {
  const text = bytes.toString()
  const isText = Buffer.from(text).equals(bytes)
  return { body: isText ? text : bytes.toString('base64'), isBase64Encoded: !isText }
}

function printResponse(response: WireResponse, terminal: Terminal): void {
  for (const warning of response.warnings) terminal.printError(`warning: ${warning}`)
  const lines = response.headers.map(([name, value]) => `${name}: ${value}`)
  const body = Buffer.from(response.body).toString()
  terminal.print([`HTTP/1.1 ${response.status} ${response.statusText}`, ...lines, '', body].join('\n'))
}

const toJson = ({ status, statusText, headers, warnings, body }: WireResponse) => ({
  status,
  statusText,
  headers,
  warnings,
  ...bodyAsText(Buffer.from(body)),
})
