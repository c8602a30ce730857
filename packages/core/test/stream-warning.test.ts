// A file of its own: the warning is given once in a process.
import type { GatewayName } from '@expressway/testing/gateway'
import { invoke } from '@expressway/testing/invoke'
import { expect, it, vi } from 'vitest'
import { createApp } from '../src/index.ts'

it('a stream that had to be collected is warned of, once for each cause, and arrives whole', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const app = createApp()
  app.get('/', async function* () {
    yield 'one '
    yield 'two'
  })
  for (const gateway of ['vpc-lattice', 'vpc-lattice', 'function-url', 'function-url'] as GatewayName[]) {
    const { response } = await invoke(app.handler, { method: 'GET', path: '/', query: '', headers: [] }, { gateway })
    expect(Buffer.from(response.body).toString()).toBe('one two')
  }
  expect(warn.mock.calls.flat()).toEqual([
    expect.stringContaining('vpc-lattice cannot stream'),
    expect.stringContaining('export app.streamHandler'),
  ])
  warn.mockRestore()
})
