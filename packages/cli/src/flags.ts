import { type ParseArgsConfig, parseArgs } from 'node:util'
import { usage } from './failure.ts'
import { suggestion } from './nearest.ts'

/**
 * `parseArgs` of Node, with positional arguments allowed.
 * @param command the command's name, for an error.
 * @param help the end of an error: says where the flags are listed.
 * @throws Failure for what the command does not take, with the name that was probably meant
 */
export function readFlags<const Config extends ParseArgsConfig & { options: object }>(
  command: string,
  help: string,
  config: Config,
) {
  try {
    return parseArgs({ ...config, allowPositionals: true })
  } catch (error) {
    throw usage(`${complaint(command, error as NodeJS.ErrnoException, Object.keys(config.options))} ${help}`)
  }
}

function complaint(command: string, { code, message }: NodeJS.ErrnoException, names: string[]): string {
  const unknown = /^Unknown option '(--?[^']+)'/.exec(message)?.[1]
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION' || unknown === undefined)
    return message.split(/(?<=\.)\s/)[0]!.replace(/\.?$/, '.')
  const flags = names.map((name) => `--${name}`)
  return `${command} has no option "${unknown}".${suggestion(unknown, flags)}`
}
