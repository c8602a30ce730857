import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import realExpress, { type Request, type Response } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import shimExpress from '../../src/index.ts'

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'aborted-'))
  writeFileSync(join(root, 'big.bin'), Buffer.alloc(16_000_000, 'x'))
})

afterAll(() => rmSync(root, { recursive: true }))

type Break = (req: Request, res: Response, leave: () => void) => unknown

/** What the callback hears, and in whose context, where the exchange is broken off while the file is on its way. */
async function heard(express: typeof realExpress, file: string, breakOff: Break): Promise<unknown> {
  const store = new AsyncLocalStorage<string>()
  const app = express()
  let client: ReturnType<typeof request> | undefined
  const called = new Promise((resolve) => {
    app.use((req, res) => {
      res.on('error', () => {})
      store.run('kept', () =>
        res.sendFile(join(root, file), (error) => {
          const { message, code } = (error ?? {}) as NodeJS.ErrnoException
          resolve({ message, code, store: store.getStore(), sent: res.headersSent })
        }),
      )
      breakOff(req, res, () => client?.destroy())
    })
  })
  const server = createServer(app as RequestListener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  client = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false })
  client.on('error', () => {}).on('response', (response) => response.on('error', () => {}))
  client.end()
  try {
    return await called
  } finally {
    client.destroy()
    server.closeAllConnections()
    server.close()
  }
}

describe('the callback of res.sendFile, where', () => {
  const breaks: Record<string, Break> = {
    'the client leaves': (_req, _res, leave) => setTimeout(leave, 20),
    'the response is destroyed': (_req, res) => setTimeout(() => res.destroy(), 20),
    'the response is destroyed for a reason': (_req, res) => setTimeout(() => res.destroy(new Error('why')), 20),
    'the connection breaks': (req) => setTimeout(() => req.socket.destroy(new Error('broken')), 20),
    'the connection is reset': (req) =>
      setTimeout(() => req.socket.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' })), 20),
    'nothing was sent yet': (_req, res) => res.destroy(),
  }
  it.each(Object.entries(breaks))('%s', async (_where, breakOff) => {
    const expected = await heard(realExpress, 'big.bin', breakOff)
    expect(expected).toHaveProperty('store', 'kept')
    expect(await heard(shimExpress, 'big.bin', breakOff)).toEqual(expected)
  })
})
