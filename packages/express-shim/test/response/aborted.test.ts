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

interface Break {
  /** Whether the client has the first part of the file by then. */
  readonly sending: boolean
  breakOff(req: Request, res: Response, leave: () => void): unknown
}

/** What the callback hears, and in whose context, where the exchange is broken off while the file is on its way. */
async function heard(express: typeof realExpress, file: string, { sending, breakOff }: Break): Promise<unknown> {
  const store = new AsyncLocalStorage<string>()
  const app = express()
  let client: ReturnType<typeof request> | undefined
  const received = Promise.withResolvers<void>()
  const called = new Promise((resolve) => {
    app.use((req, res) => {
      res.on('error', () => {})
      store.run('kept', () =>
        res.sendFile(join(root, file), (error) => {
          const { message, code } = (error ?? {}) as NodeJS.ErrnoException
          resolve({ message, code, store: store.getStore(), sent: res.headersSent })
        }),
      )
      const breakNow = () => breakOff(req, res, () => client?.destroy())
      if (sending) received.promise.then(breakNow)
      else breakNow()
    })
  })
  const server = createServer(app as RequestListener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  client = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false })
  client
    .on('error', () => {})
    .on('response', (response) => {
      // Takes no more than the buffers hold, so that the file stays on its way.
      response.on('error', () => {}).once('readable', received.resolve)
    })
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
    'the client leaves': { sending: true, breakOff: (_req, _res, leave) => leave() },
    'the response is destroyed': { sending: true, breakOff: (_req, res) => res.destroy() },
    'the response is destroyed for a reason': { sending: true, breakOff: (_req, res) => res.destroy(new Error('why')) },
    'the connection breaks': { sending: true, breakOff: (req) => req.socket.destroy(new Error('broken')) },
    'the connection is reset': {
      sending: true,
      breakOff: (req) => req.socket.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' })),
    },
    'nothing was sent yet': { sending: false, breakOff: (_req, res) => res.destroy() },
  }
  it.each(Object.entries(breaks))('%s', async (_where, breakOff) => {
    const expected = await heard(realExpress, 'big.bin', breakOff)
    expect(expected).toHaveProperty('store', 'kept')
    expect(await heard(shimExpress, 'big.bin', breakOff)).toEqual(expected)
  })
})
