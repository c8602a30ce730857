import * as read from '../arguments.ts'
import type { Command, Terminal } from '../command.ts'
import { type Examination, examine } from '../doctor/examine.ts'
import { formatReport } from '../doctor/report.ts'
import { Failure } from '../failure.ts'
import { answerApart, runApart, thisProcess } from '../process/apart.ts'

const options = {
  export: { type: 'string' },
  wait: { type: 'string', default: '200' },
  json: { type: 'boolean', default: false },
  [thisProcess]: { type: 'boolean', default: false },
} as const

const help = `Usage: expressway doctor FILE [options]

Loads an Express application in a process of its own, lists its routes and middleware, and says what will behave
differently on Lambda, and how to fix it. Ports that it listens on are free ones of this machine.

  FILE                       a module with an application: real Express, 4 or 5, or @expressway/express-shim. It may be
                             exported, behind an exported Lambda handler, or behind the server that the module starts
  --export NAME              the application's export; a function without parameters is called for it
  --wait MS                  how long it may go on after it was loaded, to connect and listen; default 200
  --json                     the routes and findings as JSON, for programs

Examples:
  expressway doctor src/app.ts
  expressway doctor src/create-app.ts --export createApp
  expressway doctor server.js --json > findings.json

Exit codes: 0, also if there are findings; 1 if the module cannot be loaded or has no application; 2 for wrong usage.`

export const doctor: Command = { summary: 'Say what an Express application does differently on Lambda', help, run }

const timeLimitMs = 60_000

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = read.readArguments('doctor', args, options)
  const name = read.required(read.onlyArgument(positionals, 'file'), 'name the application: expressway doctor FILE.')
  const waitMs = read.readNumber('--wait', values.wait, 0, timeLimitMs)
  const file = read.findFile(name, 'person')
  if (values[thisProcess]) return answerApart(() => examine({ file, exportName: values.export, waitMs }))
  const done = terminal.progress(`Loading ${name} …`)
  const examination = await runApart<Examination>(terminal.program, ['doctor', ...args], name).finally(done)
  const { failure } = examination
  if (values.json) terminal.print(JSON.stringify(examination, null, 2))
  else if (failure === undefined || examination.findings.length > 0)
    terminal.print(formatReport(examination, terminal.paint))
  if (failure !== undefined) throw new Failure(failure.message, { detail: failure.detail })
  return 0
}
