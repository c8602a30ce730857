import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import request, { agent } from '../src/client/client.ts'
import { certificate, key, pfx } from './client-tls.ts'

const listening = (server: Server) =>
  new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

describe('HTTPS', () => {
  const server = createTlsServer(
    { key, cert: certificate, requestCert: true, rejectUnauthorized: false },
    (req, res) => {
      const peer = (req.socket as TLSSocket).getPeerCertificate()
      res.end(peer.subject?.CN ?? 'nobody')
    },
  )
  let origin = ''
  beforeAll(async () => {
    origin = `https://127.0.0.1:${await listening(server)}`
  })
  afterAll(() => void server.close())

  test('an unknown certificate is refused', async () => {
    await expect(request(origin).get('/')).rejects.toThrow('self-signed certificate')
  })

  test('it may be trusted, or any', async () => {
    await request(origin).get('/').ca(certificate).expect(200, 'nobody')
    await request(origin, { ca: certificate }).get('/').expect(200)
    await request(origin).get('/').disableTLSCerts().expect(200)
    await request(origin).get('/').trustLocalhost().expect(200)
    await expect(request(origin).get('/').trustLocalhost(false)).rejects.toThrow('self-signed')
    await agent(origin, { rejectUnauthorized: false }).get('/').expect(200)
  })

  test('the client may show its own', async () => {
    await request(origin).get('/').ca(certificate).key(key).cert(certificate).expect('localhost')
    await request(origin).get('/').ca(certificate).pfx({ pfx, passphrase: 'secret' }).expect('localhost')
    await expect(request(origin).get('/').ca(certificate).pfx(pfx)).rejects.toThrow()
    await agent(origin).ca(certificate).key(key).cert(certificate).get('/').expect('localhost')
  })

  test('the certificate is to be for the host that is asked for', async () => {
    await request(origin).get('/').ca(certificate).set('Host', 'api.test:8443').expect(200)
    await request(`https://api.test:${origin.split(':')[2]}`)
      .get('/')
      .ca(certificate)
      .connect('127.0.0.1')
      .expect(200)
    await expect(request(origin).get('/').ca(certificate).set('Host', 'other.test')).rejects.toThrow(
      'Host: other.test.',
    )
  })

  test('a server of its own is found to speak it', async () => {
    const own = createTlsServer({ key, cert: certificate }, (_req, res) => void res.end('own'))
    await request(own).get('/').disableTLSCerts().expect(200, 'own')
    expect(request(own).get('/').url).toBe('https://127.0.0.1/')
    await request(own).get('/').trustLocalhost().expect(200, 'own')
    expect(own.listening).toBe(false)
  })
})

describe('addresses', () => {
  let port = 0
  const server = createServer((req, res) => void res.end(req.headers.host))
  beforeAll(async () => {
    port = await listening(server)
  })
  afterAll(() => void server.close())

  test('another one than the name says', async () => {
    await request(`http://api.test:${port}`).get('/').connect('127.0.0.1').expect(`api.test:${port}`)
    const byName = { 'api.test': { host: '127.0.0.1', port } }
    await request('http://api.test').get('/').connect(byName).expect('api.test')
    await request(`http://127.0.0.1:${port}`).get('/').connect({ constructor: 'nowhere.test' }).expect(200)
    await request(`http://127.0.0.1:${port}`).get('/').connect('nowhere.test').connect().expect(200)
  })

  test('a lookup of its own', async () => {
    const lookup = (_host: string, options: { all?: boolean }, done: (...args: unknown[]) => void) =>
      options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
    await request(`http://api.test:${port}`).get('/').lookup(lookup).expect(200)
  })

  test('an agent that keeps connections', async () => {
    const pool = new Agent({ keepAlive: true })
    const { headers } = await request(`http://127.0.0.1:${port}`).get('/').agent(pool).expect(200)
    expect(headers.connection).toBe('keep-alive')
    pool.destroy()
    const sent = request(`http://127.0.0.1:${port}`).get('/')
    expect([sent.agent(), sent.agent(pool).agent(), sent.lookup()]).toEqual([false, pool, undefined])
    expect(() => sent.agent({ cert: '' } as never)).toThrow('.agent() expects an http(s).Agent-compatible object')
  })

  test.each([
    ['/base', '/x', '/base/x'],
    ['/base', '', '/base'],
    ['/base/', 'x', '/base/x'],
    ['/base?key=1', '&a=2', '/base?key=1&a=2'],
    ['/base', '?a=2', '/base?a=2'],
  ])('a URL with the path %s, and %s', async (base, path, expected) => {
    const target = `http://127.0.0.1:${port}${base}`
    const { req, request: sent } = await request(target).get(path).expect(200)
    expect(req.path).toBe(expected)
    expect(sent.url).toBe(target + path)
    expect((await agent(target).get(path)).req.path).toBe(expected)
  })

  test('a URL object', async () => {
    const { req } = await request(new URL(`http://127.0.0.1:${port}`))
      .get('/x')
      .expect(200)
    expect(req.path).toBe('/x')
  })

  test('a URL with a user and a password', async () => {
    const own = createServer((req, res) => void res.end(req.headers.authorization))
    const ownPort = await listening(own)
    await request(`http://ada:love%20lace@127.0.0.1:${ownPort}`).get('/').expect('Basic YWRhOmxvdmUlMjBsYWNl')
    own.close()
  })

  test('a Unix socket, and redirects within it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'client-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const socket = join(folder, 's')
    const own = createServer((req, res) => {
      if (req.url === '/from') res.writeHead(302, { location: '/to' }).end()
      else res.end(`${req.headers.host} ${req.url}`)
    })
    await new Promise<void>((resolve) => own.listen(socket, resolve))
    const target = `http+unix://${socket.replaceAll('/', '%2F')}`
    await request(target).get('/a').expect(200, 'localhost /a')
    await request(target).get('/from').redirects(1).expect(200, 'localhost /to')
    own.close()
  })

  test('without a scheme it is HTTP', async () => {
    await request(`127.0.0.1:${port}`).get('/').expect(200)
  })
})

describe('redirects out of the process', () => {
  const seen: Record<string, unknown>[] = []
  const server = createServer((req, res) => {
    seen.push({ method: req.method, url: req.url, host: req.headers.host, ...req.headers })
    res.setHeader('content-type', 'text/plain').end('elsewhere')
  })
  let origin = ''
  beforeAll(async () => {
    origin = `http://127.0.0.1:${await listening(server)}`
  })
  afterAll(() => void server.close())

  test('go by HTTP and leave credentials behind', async () => {
    const handler = async () => ({ statusCode: 307, headers: { location: `${origin}/there?a=1` } })
    const sent = request(handler).post('/').auth('ada', 'b').set({ Cookie: 'a=1', 'X-Own': '1' }).send({ b: 2 })
    const response = await sent.redirects(1).expect(200, 'elsewhere')
    expect(response.redirects).toEqual([`${origin}/there?a=1`])
    expect(response.gateway).toBeUndefined()
    expect(seen.at(-1)).toMatchObject({ method: 'POST', url: '/there?a=1', host: origin.slice(7), 'x-own': '1' })
    expect(seen.at(-1)).not.toHaveProperty('authorization')
    expect(seen.at(-1)).not.toHaveProperty('cookie')
    expect(seen.at(-1)).toMatchObject({ 'content-type': 'application/json', 'content-length': '7' })
  })

  test.each(['rest', 'http', 'url', 'alb', 'alb-multi', 'lattice'] as const)(
    'through %s to its own host stay in it',
    async (gateway) => {
      // biome-ignore lint/suspicious/noExplicitAny: the events of six gateways
      const handler = async (event: any) => {
        const fields = event.headers ?? {}
        const host =
          event.requestContext?.domainName ?? fields.host ?? fields.Host ?? event.multiValueHeaders?.host?.[0]
        const path = event.rawPath ?? event.path
        const text = (body: string) => ({
          statusCode: 200,
          headers: { 'content-type': 'text/plain' },
          multiValueHeaders: { 'content-type': ['text/plain'] },
          body,
        })
        if (path !== '/from')
          return text(
            [fields.authorization ?? fields.Authorization ?? event.multiValueHeaders?.authorization].flat()[0],
          )
        const location = `https://${[host].flat()[0]}/to`
        return { statusCode: 302, headers: { location }, multiValueHeaders: { location: [location] } }
      }
      const response = await request(handler).get('/from').via(gateway).bearer('t').redirects(1).expect(200, 'Bearer t')
      expect(response.gateway).toBeDefined()
      expect(response.redirects).toHaveLength(1)
    },
  )

  test('keep a host that the test named', async () => {
    const handler = async (event: { rawPath: string; headers: Record<string, string> }) =>
      event.rawPath === '/from'
        ? { statusCode: 303, headers: { location: '/to' } }
        : { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: event.headers.host }
    await request(handler).get('/from').set('Host', 'shop.test').redirects(1).expect('shop.test')
    await agent(handler).host('shop.test').redirects(1).get('/from').expect('shop.test')
  })
})
