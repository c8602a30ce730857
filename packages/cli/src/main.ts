import type { Command, Terminal } from './command.ts'
import { commands } from './commands.ts'
import { failureOf, usage } from './failure.ts'
import { suggestion } from './nearest.ts'
import { createTerminal } from './terminal.ts'

/** Runs the command that the arguments name; the result is the exit code: 0 for success, 1 if it failed, 2 for wrong usage. */
export async function main(args: string[], program: string, terminal = createTerminal(program)): Promise<number> {
  const [name = '--help', ...rest] = args
  try {
    return await run(name, rest, terminal)
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    terminal.printError(`expressway: ${failure.message}`)
    if (failure.detail !== '') terminal.printError(failure.detail)
    return failure.exitCode
  }
}

async function run(name: string, args: string[], terminal: Terminal): Promise<number> {
  if (['--help', '-h', 'help'].includes(name)) {
    terminal.print(args.length > 0 ? (await commandNamed(args[0]!)).help : await overview())
    return 0
  }
  const command = await commandNamed(name)
  if (!args.includes('--help') && !args.includes('-h')) return command.run(args, terminal)
  terminal.print(command.help)
  return 0
}

async function commandNamed(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load !== undefined) return load()
  const names = Object.keys(commands)
  throw usage(`there is no command "${name}".${suggestion(name, names)} The commands are ${names.join(', ')}.`)
}

async function overview(): Promise<string> {
  const names = Object.entries(commands)
  const width = Math.max(...names.map(([name]) => name.length))
  const lines = names.map(async ([name, load]) => `  ${name.padEnd(width)}  ${(await load()).summary}`)
  return [
    'Usage: expressway <command> [options]',
    '',
    ...(await Promise.all(lines)),
    '',
    'Examples:',
    '  expressway dev src/handler.ts --watch                           serve a handler at http://127.0.0.1:3000',
    '  expressway event http-api GET /hello/ada > event.json           make an event',
    '  expressway invoke event.json --handler src/handler.ts           run a handler with it',
    '  expressway doctor src/app.ts                                    what an Express application does differently',
    '  expressway openapi src/app.ts --check openapi.json              whether a document is up to date',
    '  expressway routes src/app.ts --against template.yaml            whether it sends what the code answers',
    '  expressway deploy-check template.yaml --handler src/handler.ts  what a deployment forgets',
    '  expressway bundle src/handler.ts --minify --zip                 what a function is deployed from',
    '',
    'expressway <command> --help explains a command.',
    'Exit codes: 0 success, 1 failure, 2 wrong usage.',
  ].join('\n')
}
