import * as read from '../arguments.ts'
import type { Command, Terminal } from '../command.ts'
import { Failure, failureOf } from '../failure.ts'
import { createHandlerEngine, type HandlerEngine } from '../process/handler-engine.ts'
import { watchFiles } from '../process/watch.ts'
import { startServer } from '../server/listen.ts'

const options = {
  gateway: { type: 'string', default: 'http-api' },
  port: { type: 'string', short: 'p', default: '3000' },
  host: { type: 'string', default: '127.0.0.1' },
  watch: { type: 'boolean', short: 'w', default: false },
  export: { type: 'string' },
  timeout: { type: 'string', default: '30' },
  'inspect-page': { type: 'boolean', default: false },
  ...read.gatewayArguments,
} as const

const help = `Usage: expressway dev FILE [options]

Serves a Lambda handler over HTTP: every request goes through the gateway and the Lambda runtime.

  FILE                       a module that exports a handler, as handler, default or app; TypeScript runs as it is
  --gateway NAME             rest-api, http-api (default), http-api-v1, function-url, alb, alb-multi-value,
                             vpc-lattice or vpc-lattice-v1
  -p, --port NUMBER          default 3000; 0 for any that is free
  --host ADDRESS             default 127.0.0.1, which only this machine reaches
  -w, --watch                load the handler anew when its files change
  --export NAME              the handler's export, such as app.streamHandler
  --timeout SECONDS          the function's time-out, 1 to 900; default 30
  --inspect-page             show the last 200 invocations at /_expressway

${read.gatewayHelp}

Example: expressway dev src/handler.ts --gateway http-api --port 3000 --watch`

export const dev: Command = { summary: 'Serve a handler over HTTP on this machine', help, run }

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = read.readArguments('dev', args, options)
  const name = read.required(read.onlyArgument(positionals, 'handler file'), 'name the handler: expressway dev FILE.')
  const gateway = read.readGateway(values.gateway)
  const gatewayOptions = read.toGatewayOptions(values)
  const port = read.readNumber('--port', values.port, 0, 65_535)
  const context = { remainingMs: read.readNumber('--timeout', values.timeout, 1, 900) * 1000 }
  const engine = createHandlerEngine(
    {
      file: read.findFile(name, 'script'),
      exportName: values.export,
      onCrash: (error) => terminal.printError(error.trace?.join('\n') || `${error.errorType}: ${error.errorMessage}`),
    },
    { gateway, gatewayOptions, context },
  )
  try {
    await engine.ready()
    const { host, 'inspect-page': inspectPage } = values
    const log = { log: terminal.print, colours: hasColours() }
    const server = await startServer(engine, { gateway, gatewayOptions, host, port, inspectPage, ...log })
    terminal.print(`${name} is at ${server.url} behind ${gateway}; Ctrl-C stops it.`)
    if (inspectPage) terminal.print(`Its invocations are at ${server.url}/_expressway${openness(host)}.`)
    const stopWatching = values.watch ? watchFiles(engine.files, () => reload(engine, name, terminal)) : () => {}
    await interrupted()
    stopWatching()
    await server.close()
    return 0
  } catch (error) {
    await engine.close()
    throw failureOf(error) ?? new Failure((error as Error).message)
  }
}

const openness = (host: string): string =>
  /^(127\.|::1$|localhost$)/.test(host) ? '' : ', for everyone who reaches this machine, secrets and all'

const hasColours = (): boolean =>
  process.stdout.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'

/** Waits for Ctrl-C or a request to end; a second one ends the process at once. */
async function interrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}

async function reload(engine: HandlerEngine, name: string, terminal: Terminal): Promise<boolean> {
  const started = performance.now()
  try {
    await engine.reload()
    terminal.print(`${name} is loaded anew (${Math.round(performance.now() - started)} ms).`)
    return true
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    terminal.printError([failure.message, failure.detail].filter(Boolean).join('\n'))
    return false
  }
}
