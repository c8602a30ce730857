import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { exchange, heard, turn } from './exchange.ts'

describe('the socket of a request', () => {
  it('is one for the request and its response', () => {
    const { req, res } = exchange()
    expect(req.socket).toBe(req.connection)
    expect(req.socket).toBe(res.socket)
    expect(req.socket).toBe((req as unknown as { client: unknown }).client)
    expect(req.socket).toBeInstanceOf(EventEmitter)
  })

  it('says what the gateway vouches for', () => {
    const { req } = exchange({ headers: { 'x-forwarded-port': '8443' } })
    expect(req.socket).toMatchObject({
      encrypted: true,
      remoteAddress: '203.0.113.7',
      remoteFamily: 'IPv4',
      localPort: 8443,
      readable: true,
      writable: true,
      destroyed: false,
      authorized: false,
      server: undefined,
    })
    const plain = exchange({ protocol: 'http', remoteAddress: '2001:db8::1' }).req.socket
    expect(plain).toMatchObject({ encrypted: false, remoteFamily: 'IPv6', localPort: 80 })
    expect(exchange({ remoteAddress: undefined }).req.socket.remoteFamily).toBeUndefined()
    expect(plain.address()).toEqual({ address: '127.0.0.1', family: 'IPv4', port: 80 })
  })

  it('has the certificate of mutual TLS', () => {
    expect(exchange().req.socket.getPeerCertificate()).toEqual({})
    const { socket } = exchange({
      identity: { clientCertificate: { subject: 'CN=client,O=Example', serialNumber: '0a' } },
    }).req
    expect(socket.authorized).toBe(true)
    expect(socket.getPeerCertificate()).toMatchObject({ subject: { CN: 'client', O: 'Example' }, serialNumber: '0A' })
  })

  it('takes what is asked of connections', () => {
    const { socket } = exchange().req
    for (const method of [
      'setKeepAlive',
      'setNoDelay',
      'setEncoding',
      'pause',
      'resume',
      'ref',
      'unref',
      'unpipe',
    ] as const) {
      expect(socket[method]()).toBe(socket)
    }
    socket.cork()
    socket.uncork()
    const written = vi.fn()
    expect(socket.write('raw', written)).toBe(true)
    expect(socket.write('raw', 'utf8', written)).toBe(true)
    return turn().then(() => expect(written).toHaveBeenCalledTimes(2))
  })

  it('ends the exchange where it is destroyed or ended', async () => {
    for (const end of ['destroy', 'end', 'destroySoon', 'resetAndDestroy'] as const) {
      const { req, answer } = exchange()
      const events = heard(req.socket, 'close', 'error')
      req.socket[end]()
      expect((await answer()).status).toBe(502)
      await turn()
      expect(events).toEqual(['close'])
      expect(req.socket).toMatchObject({ destroyed: true, closed: true, readyState: 'closed', writable: false })
    }
  })

  it('leaves a complete answer alone', async () => {
    const { req, res, answer } = exchange()
    res.end('all')
    req.socket.destroySoon()
    expect(await answer()).toMatchObject({ status: 200, body: 'all' })
  })

  it('tells an error to its listeners', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { req, answer } = exchange()
    const errors: unknown[] = []
    req.socket.on('error', (error) => errors.push(error.message))
    req.socket.destroy(new Error('reset'))
    await answer()
    await turn()
    expect(errors).toEqual(['reset'])
    expect(log).toHaveBeenCalledTimes(1)
    log.mockRestore()
  })

  it('knows the response that it carries', () => {
    const { req, res } = exchange()
    expect(req.socket._httpMessage).toBe(res)
    res.end()
    expect(req.socket._httpMessage).toBeNull()
  })
})

describe('timeouts', () => {
  it('end an exchange where nobody listens', async () => {
    const { req, answer } = exchange()
    expect(req.socket.setTimeout(5)).toBe(req.socket)
    expect((await answer()).status).toBe(502)
  })

  it('are told to whoever listens, who then decides', async () => {
    const { req, res, answer } = exchange()
    const told: string[] = []
    expect(req.setTimeout(5, () => told.push('request'))).toBe(req)
    res.setTimeout(5, () => {
      told.push('response')
      res.status(503).end('late')
    })
    req.socket.setTimeout(5, () => told.push('socket'))
    // The timer of a timeout does not keep a process; this one does.
    const keep = setTimeout(() => {}, 1000)
    expect(await answer()).toMatchObject({ status: 503, body: 'late' })
    clearTimeout(keep)
    expect(told).toEqual(['socket', 'request', 'response'])
  })

  it('are taken back, and do not come after the end', async () => {
    const { req, res, answer } = exchange()
    const listener = vi.fn()
    req.socket.setTimeout(2, listener)
    req.socket.setTimeout(0, listener)
    res.setTimeout(2, listener)
    res.end()
    await answer()
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(listener).not.toHaveBeenCalled()
    expect(req.socket.listenerCount('timeout')).toBe(0)
  })
})
