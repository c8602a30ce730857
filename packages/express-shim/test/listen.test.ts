import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import express from '../src/index.ts'

const servers: Server[] = []
const keep = (server: Server) => {
  servers.push(server)
  return server
}

afterEach(() => {
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) server.close()
})

const hello = () => express().get('/', (req, res) => void res.json({ hello: req.ip }))
const portOf = (server: Server) => (server.address() as AddressInfo).port

describe('app.listen', () => {
  test('starts a server with the arguments of server.listen', async () => {
    const listening = vi.fn()
    const server = keep(hello().listen(0, '127.0.0.1', listening))
    await once(server, 'listening')
    expect(listening).toHaveBeenCalledOnce()
    const response = await fetch(`http://127.0.0.1:${portOf(server)}/`)
    expect([response.status, response.headers.get('x-powered-by'), await response.json()]).toEqual([
      200,
      'Express',
      { hello: '127.0.0.1' },
    ])
  })

  test('gives the callback the error where it cannot listen', async () => {
    const server = keep(hello().listen(0, '127.0.0.1'))
    await once(server, 'listening')
    const failed = vi.fn()
    keep(hello().listen(portOf(server), '127.0.0.1', failed))
    await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce())
    expect(failed.mock.calls[0]?.[0]).toMatchObject({ code: 'EADDRINUSE' })
  })

  test('without an address takes a free port, also where PORT is set, as Express does', async () => {
    vi.stubEnv('PORT', '1')
    const server = keep(hello().listen())
    await once(server, 'listening')
    expect(portOf(server)).toBeGreaterThan(1)
  })

  test('without an address listens where a Lambda Web Function has to', async () => {
    const probe = hello().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const port = portOf(probe)
    await new Promise((resolve) => probe.close(resolve))
    vi.stubEnv('AWS_LAMBDA_HTTP_ENDPOINT', `127.0.0.1:${port}`)
    const listening = vi.fn()
    const server = keep(hello().listen(listening))
    await once(server, 'listening')
    expect(server.address()).toMatchObject({ address: '127.0.0.1', port })
    expect(listening).toHaveBeenCalledOnce()
    // An address that the application gives itself is its own affair.
    const other = keep(hello().listen(0, '127.0.0.1'))
    await once(other, 'listening')
    expect(portOf(other)).not.toBe(port)
  })

  test('there it finishes its requests at SIGTERM, and ends', async () => {
    const program = `
      import express from '${new URL('../src/index.ts', import.meta.url).href}'
      const app = express()
      app.get('/slow', (_req, res) => {
        console.log('begun')
        process.once('SIGTERM', () => setTimeout(() => res.send('finished'), 50))
      })
      const server = app.listen(() => console.log(server.address().port))
    `
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...process.env, AWS_LAMBDA_HTTP_ENDPOINT: '127.0.0.1:0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(child.stdout, 'data')
    const answer = fetch(`http://127.0.0.1:${Number(line)}/slow`)
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    const closed = once(child, 'exit')
    expect(await (await answer).text()).toBe('finished')
    expect((await closed)[1]).toBe('SIGTERM')
  })
})
