import type { Colour, Paint } from '../terminal.ts'
import { formatBytes, formatDuration } from '../units.ts'
import type { InvocationRecord } from './history.ts'

const plain: Paint = (_colour, text) => text

/** One line for a request, a line for each warning, and a failed function's stack. */
export function formatInvocation(record: InvocationRecord, paint: Paint = plain): string {
  const { method, path, query } = record.request
  const target = query === '' ? path : `${path}?${query}`
  const counts = [formatDuration(record.durationMs), formatBytes(record.bytes), ...notes(record)].join(' ')
  const status = record.status === undefined ? '---' : String(record.status)
  const line = `${method} ${printable(target)} ${paint(colourOf(record), status)} ${paint('dim', counts)}`
  const warnings = record.warnings.map((warning) => paint('yellow', `  warning: ${printable(warning)}`))
  const stack = stackOf(record).map((each) => paint('red', `  ${each}`))
  return [line, ...warnings, ...stack].join('\n')
}

/** No request may write to the terminal anything but text. */
const printable = (text: string): string =>
  text.replace(/[\x00-\x1F\x7F-\x9F]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

function notes({ streamed, disconnected, warnings, replayOf }: InvocationRecord): string[] {
  const count = warnings.length
  return [
    ...(streamed ? ['streamed'] : []),
    ...(replayOf === undefined ? [] : ['replayed']),
    ...(disconnected ? ['(the client went away)'] : []),
    ...(count === 0 ? [] : [count === 1 ? '1 warning' : `${count} warnings`]),
  ]
}

function stackOf({ error }: InvocationRecord): string[] {
  if (error === undefined) return []
  return error.trace?.length ? error.trace : [`${error.errorType}: ${error.errorMessage}`]
}

function colourOf({ status = 500 }: InvocationRecord): Colour {
  if (status >= 500) return 'red'
  if (status >= 400) return 'yellow'
  return status >= 300 ? 'cyan' : 'green'
}
