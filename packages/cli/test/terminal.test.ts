import { expect, it } from 'vitest'
import { createTerminal } from '../src/terminal.ts'

function outputs(isTTY: boolean) {
  let out = ''
  let err = ''
  const hasColors = () => isTTY
  const terminal = createTerminal(
    'bin.ts',
    Object.assign({ isTTY, hasColors, getColorDepth: () => 4, write: (text: string) => Boolean((out += text)) }),
    Object.assign({ isTTY, hasColors, getColorDepth: () => 4, write: (text: string) => Boolean((err += text)) }),
  )
  return { terminal, written: () => ({ out, err }) }
}

it('shows a progress line on a terminal, and takes it away', () => {
  const { terminal, written } = outputs(true)
  const done = terminal.progress('Loading app.ts …')
  expect(written()).toEqual({ out: '', err: 'Loading app.ts …' })
  done()
  expect(written().err).toBe('Loading app.ts …\r\x1B[K')
})

it('shows none otherwise', () => {
  const { terminal, written } = outputs(false)
  terminal.progress('Loading app.ts …')()
  terminal.print('result')
  terminal.printError('failure')
  expect(written()).toEqual({ out: 'result\n', err: 'failure\n' })
})
