import type { Command, Terminal } from './command.ts'
import { commands } from './commands.ts'
import { failureOf, usage } from './failure.ts'

/** Runs the command that the arguments name; the result is the exit code: 0, 1 where it failed, 2 for wrong usage. */
export async function main(args: string[], program: string): Promise<number> {
  const [name = '--help', ...rest] = args
  const terminal: Terminal = {
    program,
    print: (text) => void process.stdout.write(`${text}\n`),
    printError: (text) => void process.stderr.write(`${text}\n`),
  }
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
  throw usage(`there is no command "${name}": use ${Object.keys(commands).join(', ')} or --help.`)
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
    'expressway <command> --help says more.',
    'Exit codes: 0 done, 1 failed, 2 wrong usage.',
  ].join('\n')
}
