import { styleText } from 'node:util'
import { expect, it } from 'vitest'
import { History, type InvocationRecord } from '../../src/server/history.ts'
import { formatInvocation } from '../../src/server/request-log.ts'
import type { Paint } from '../../src/terminal.ts'
import { formatBytes, formatDuration } from '../../src/units.ts'

function record(given: Partial<InvocationRecord>, target = '/a'): InvocationRecord {
  const made = new History().begin('http-api', { method: 'GET', path: target, query: '', headers: [] })
  return Object.assign(made, { state: 'done', status: 200, durationMs: 12.34, bytes: 2048 }, given)
}

it('says method, path, status, duration, bytes and what is remarkable on one line', () => {
  expect(formatInvocation(record({}))).toBe('GET /a 200 12 ms 2.0 KB')
  expect(formatInvocation(record({ streamed: true, replayOf: 3, disconnected: true }))).toBe(
    'GET /a 200 12 ms 2.0 KB streamed replayed (the client went away)',
  )
  expect(formatInvocation(record({ status: undefined }))).toBe('GET /a --- 12 ms 2.0 KB')
})

it('says warnings and the stack on lines of their own', () => {
  const error = { errorType: 'TypeError', errorMessage: 'no', trace: ['TypeError: no', '    at a.ts:1'] }
  expect(formatInvocation(record({ warnings: ['one', 'two'], error, status: 502 })).split('\n')).toEqual([
    'GET /a 502 12 ms 2.0 KB 2 warnings',
    '  warning: one',
    '  warning: two',
    '  TypeError: no',
    '      at a.ts:1',
  ])
  const bare = { errorType: 'Sandbox.Timedout', errorMessage: 'too long' }
  expect(formatInvocation(record({ error: bare }))).toContain('\n  Sandbox.Timedout: too long')
})

it('never writes control characters of a request to the terminal', () => {
  expect(formatInvocation(record({ warnings: ['\x1B[2J'] }, '/\x1B]0;evil\x07\x9B'))).toBe(
    'GET /\\x1b]0;evil\\x07\\x9b 200 12 ms 2.0 KB 1 warning\n  warning: \\x1b[2J',
  )
})

const paint: Paint = (colour, text) => styleText(colour, text, { validateStream: false })

it.each([
  [200, 32],
  [302, 36],
  [404, 33],
  [500, 31],
])('paints %i with colour %i if there are colours', (status, code) => {
  expect(formatInvocation(record({ status }), paint)).toContain(`\x1B[${code}m${status}\x1B[39m`)
})

it('writes durations and sizes with their units', () => {
  expect([0.123, 9.96, 15.4, 999.4, 1234].map(formatDuration)).toEqual([
    '0.1 ms',
    '10.0 ms',
    '15 ms',
    '999 ms',
    '1.23 s',
  ])
  expect([0, 1023, 1536, 5_242_880].map(formatBytes)).toEqual(['0 B', '1023 B', '1.5 KB', '5.0 MB'])
})
