import { relative } from 'node:path'
import * as read from '../arguments.ts'
import type { Command, Terminal } from '../command.ts'
import { Failure } from '../failure.ts'
import { failureOf } from '../load-failure.ts'
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
  'allow-host': { type: 'string', multiple: true },
  'inspect-page': { type: 'boolean', default: false },
  ...read.gatewayArguments,
} as const

const help = `Usage: expressway dev FILE [options]

Serves a Lambda handler over HTTP: every request goes through the gateway and the Lambda runtime.

  FILE                       a module that exports a handler as handler, default or app; TypeScript runs as it is
  --gateway NAME             default http-api; in parentheses are short names:
                             ${read.gatewayList}
  -p, --port NUMBER          default 3000; 0 for any free port
  --host ADDRESS             default 127.0.0.1, which only this machine reaches
  --allow-host NAME          answer requests by this name, too (may be repeated; * for every name); otherwise only
                             the server's own address is answered, so that no web page can reach it by a name of its own
  -w, --watch                reload the handler when one of its files changes
  --export NAME              the handler's export, such as app.streamHandler
  --timeout SECONDS          the function's time-out, 1 to 900; default 30
  --inspect-page             show the last 200 invocations at /_expressway

${read.gatewayHelp}

Examples:
  expressway dev src/handler.ts --watch
  expressway dev src/handler.ts --gateway function-url --export app.streamHandler --port 8080
  expressway dev src/handler.ts --gateway-options '{"claims":{"sub":"ada"}}'     every request is signed in as ada
  expressway dev src/handler.ts --allow-host tenant.example.test                 a name of your hosts file

Exit codes: 0 after Ctrl-C, 1 if the handler cannot be loaded or the port is in use, 2 for wrong usage.`

/** `expressway dev`: {@link startServer} with a handler in a process of its own. */
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
    await ready(engine.ready(), `Loading ${name} …`, terminal)
    const { host, 'inspect-page': inspectPage, 'allow-host': allowHosts } = values
    const log = { log: terminal.print, paint: terminal.paint }
    const server = await startServer(engine, { gateway, gatewayOptions, host, port, allowHosts, inspectPage, ...log })
    terminal.print(`${name} is at ${terminal.paint('bold', server.url)} behind ${gateway}; Ctrl-C stops it.`)
    if (inspectPage) terminal.print(`Its invocations are at ${server.url}/_expressway${openness(host)}.`)
    const stopWatching = values.watch
      ? watchFiles(engine.files, (changed) => reload(engine, name, changed, terminal))
      : () => {}
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
  /^(127\.|::1$|localhost$)/.test(host) ? '' : ', for everyone who reaches this machine, secrets included'

/** Waits for Ctrl-C or a signal to end. A second signal ends the process at once. */
async function interrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}

/** Waits for the handler's module, with a progress line. */
async function ready(loading: Promise<unknown>, text: string, terminal: Terminal): Promise<void> {
  const done = terminal.progress(text)
  try {
    await loading
  } finally {
    done()
  }
}

async function reload(engine: HandlerEngine, name: string, changed: string[], terminal: Terminal): Promise<boolean> {
  const cause = `${changedFiles(changed)} changed`
  const started = performance.now()
  try {
    await ready(engine.reload(), `${cause}: reloading ${name} …`, terminal)
    terminal.print(`${cause}: ${name} reloaded in ${Math.round(performance.now() - started)} ms.`)
    return true
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    terminal.printError([`${cause}: ${failure.message}`, failure.detail].filter(Boolean).join('\n'))
    return false
  }
}

/** `src/part.ts`, or `src/part.ts and 2 more files`. */
function changedFiles([first = '', ...rest]: string[]): string {
  const more = rest.length === 0 ? '' : ` and ${rest.length} more ${rest.length === 1 ? 'file' : 'files'}`
  return relative(process.cwd(), first) + more
}
