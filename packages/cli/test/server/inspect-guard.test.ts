import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../src/server/inspect-guard.ts'

const refused = (headers: Record<string, string>, host = '127.0.0.1', method = 'GET') =>
  // The guard reads nothing else of a message.
  refusalOf({ headers, method } as unknown as IncomingMessage, { host })

describe('the guard of the inspect page', () => {
  it.each([
    ['127.0.0.1', 'localhost:3000'],
    ['127.0.0.1', '127.0.0.1:3000'],
    ['127.0.0.1', 'app.localhost:3000'],
    ['::1', '[::1]:3000'],
    ['0.0.0.0', '192.168.1.7:3000'],
    ['0.0.0.0', 'localhost'],
    ['::', '[fe80::1]:3000'],
    ['my-laptop.example', 'my-laptop.example:80'],
  ])('listening on %s, lets %s in', (host, asked) => {
    expect(refused({ host: asked }, host)).toBeUndefined()
    expect(refused({ host: asked, origin: `http://${asked}` }, host)).toBeUndefined()
  })

  it.each([
    ['127.0.0.1', 'evil.example'],
    ['127.0.0.1', 'evil.example:3000'],
    ['127.0.0.1', 'localhost.evil.example'],
    ['127.0.0.1', '127.0.0.1.evil.example'],
    ['127.0.0.1', '192.168.1.7:3000'],
    ['127.0.0.1', ''],
    ['::1', '10.0.0.1'],
    ['0.0.0.0', 'evil.example:3000'],
  ])('listening on %s, keeps %j out', (host, asked) => {
    expect(refused({ host: asked }, host)).toMatch(/^This page is not for the host/)
  })

  it('keeps other sites out', () => {
    const host = 'localhost:3000'
    expect(refused({ host, origin: 'https://evil.example' })).toMatch(/^This page answers nothing to https:/)
    expect(refused({ host, origin: 'null' })).toMatch(/answers nothing to null/)
    expect(refused({ host, origin: 'http://localhost:4000' })).toMatch(/answers nothing/)
    expect(refused({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toMatch(/other sites/)
    expect(refused({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBeUndefined()
  })

  it('wants a header that no form can send where something changes', () => {
    expect(refused({ host: 'localhost' }, '127.0.0.1', 'POST')).toMatch(/x-expressway/)
    expect(refused({ host: 'localhost', 'x-expressway': 'page' }, '127.0.0.1', 'POST')).toBeUndefined()
  })
})
