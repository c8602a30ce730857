import * as read from '../arguments.ts'
import { thisProcess } from '../process/apart.ts'

/** The options of commands that load an application. */
export const applicationArguments = {
  export: { type: 'string' },
  wait: { type: 'string', default: '200' },
  json: { type: 'boolean', default: false },
  [thisProcess]: { type: 'boolean', default: false },
} as const

export const applicationHelp = `  --export NAME              the application's export; a function without parameters is called for it
  --wait MS                  how long a module may go on after it was loaded, to register routes; default 200`

/** @throws Failure if it is not a number of milliseconds */
export const readWait = (text: string): number => read.readNumber('--wait', text, 0, 60_000)
