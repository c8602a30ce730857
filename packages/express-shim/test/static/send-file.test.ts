import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SendFileOptions, sendFile } from '../../src/files/send-file.ts'
import {
  type Asked,
  comparable,
  describeNext,
  exchange,
  FileServer,
  type Middleware,
  makeTree,
  runInMemory,
} from './outcome.ts'

const server = new FileServer()
const { root, remove } = makeTree()
beforeAll(() => server.start())
afterAll(() => {
  server.close()
  remove()
})

// Options of wrong types are tried too.
type Options = Record<string, unknown>

/** Express's own `res.sendFile`, with what it is called back appended where there is no answer yet. */
const theirs = (path: string, options: Options, heard: string[]): Middleware => {
  const app = express()
  app.use((_req, res) => {
    res.sendFile(path, { ...options } as never, (error) => {
      heard.push(describeNext(error))
      if (error && !res.headersSent) res.status(599).end(describeNext(error))
    })
  })
  app.use(((error, _req, res, _next) => res.status(598).end(describeNext(error))) as express.ErrorRequestHandler)
  app.disable('x-powered-by')
  return app as Middleware
}

const ours =
  (path: string, options: Options, heard: string[]): Middleware =>
  (req, res, _next) => {
    try {
      sendFile(req, res, path, { ...options } as SendFileOptions, (error) => {
        heard.push(describeNext(error))
        if (!error || res.headersSent) return
        res.statusCode = 599
        res.end(describeNext(error))
      })
    } catch (error) {
      res.statusCode = 598
      res.end(describeNext(error))
    }
  }

const lengthless = (headers: string[]) => headers.filter((line) => !/^content-length/i.test(line))

async function same(path: string, options: Options = {}, asked: Partial<Asked> = {}): Promise<void> {
  const request: Asked = { path: '/', ...asked }
  const run = async (
    make: typeof ours,
    where: (middleware: Middleware, asked: Asked) => Promise<{ status: number; headers: string[]; body: string }>,
  ) => {
    const heard: string[] = []
    const outcome = comparable(await where(make(path, options, heard), request))
    // The callback may come after the answer.
    for (let turn = 0; turn < 50 && heard.length === 0 && outcome.status !== 598; turn++)
      await new Promise((resolve) => setTimeout(resolve, 2))
    const isError = outcome.status >= 598
    return { ...outcome, headers: isError ? lengthless(outcome.headers) : outcome.headers, heard }
  }
  const expected = await run(theirs, (middleware, one) => server.run(middleware, one))
  expect(await run(ours, (middleware, one) => server.run(middleware, one))).toEqual(expected)
  expect(await run(ours, (middleware, one) => runInMemory(middleware, one))).toEqual(expected)
  expect(await run(ours, (middleware, one) => runInMemory(middleware, one, true))).toEqual(expected)
}

describe('sendFile', () => {
  it.each([
    'name.txt',
    'index.html',
    'empty.txt',
    'big.bin',
    'sp ace.txt',
    '100%.txt',
    'ütf.txt',
    'a#b.txt',
    'noext',
    'users',
    'users/',
    'bare',
    'bare/',
    'missing.txt',
    'missing',
    'name.txt/',
    'name.txt/x',
    '.hidden',
    '.well-known/x.txt',
    'users/.secret',
    '../name.txt',
    'users/../name.txt',
    '%2e%2e/x',
    'name.txt\0',
    '100%25.txt',
    'sub dir/é/f.css',
    'n'.repeat(300),
    'a?b',
    '..\\x',
    '...',
    '~',
    'users//tobi.txt',
    './name.txt',
    '\ud800.txt',
  ])('%j', async (path) => {
    for (const method of ['GET', 'HEAD']) await same(path, { root }, { method })
    await same(join(root, path.replaceAll('\0', '_')))
    await same(path, { root, dotfiles: 'allow' })
    await same(path, { root, dotfiles: 'deny' })
    await same(path, { root, index: false, extensions: ['html'] })
  })

  it.each<Options>([
    { maxAge: '1d' },
    { maxAge: 90_000, immutable: true },
    { cacheControl: false },
    { lastModified: false },
    { acceptRanges: false },
    { start: 2, end: 5 },
    { headers: { 'X-A': '1', 'Content-Type': 'text/x-own', 'x-list': ['a', 'b'] } },
    { headers: { ETag: '"own"', 'Cache-Control': 'no-store' } },
    { dotfiles: 'x' },
    { index: [1] },
    { extensions: 'html' },
    { extensions: true },
    { headers: {} },
  ])('with %j', async (options) => {
    for (const path of ['name.txt', 'page', 'users', 'missing']) {
      await same(path, { root, ...options })
      await same(path, { root, ...options }, { method: 'HEAD' })
      await same(path, { root, ...options }, { headers: { range: 'bytes=1-3' } })
    }
  })

  it.each<Record<string, string>>([
    { range: 'bytes=0-4' },
    { range: 'bytes=99-' },
    { range: 'bytes=0-1,5-6' },
    { range: 'x' },
    { 'if-none-match': '*' },
    { 'if-none-match': '"x"' },
    { 'if-match': '"x"' },
    { 'if-modified-since': 'Sun, 04 Feb 2024 04:05:06 GMT' },
    { 'if-unmodified-since': 'Thu, 01 Feb 2024 04:05:06 GMT' },
    { range: 'bytes=0-4', 'if-range': '"x"' },
  ])('asked with %j', async (headers) => {
    for (const path of ['name.txt', 'empty.txt', 'users']) {
      for (const method of ['GET', 'HEAD']) await same(path, { root }, { method, headers })
    }
  })

  it('takes the options that a prototype has, as res.download gives them', async () => {
    const { req, res } = exchange({ path: '/' })
    const options = Object.assign(Object.create({ root, maxAge: '1h' }) as SendFileOptions, { headers: { 'X-A': '1' } })
    await new Promise<unknown>((resolve) => sendFile(req, res, 'name.txt', options, resolve))
    expect(res.getHeader('Cache-Control')).toBe('public, max-age=3600')
    expect(res.getHeader('X-A')).toBe('1')
  })
})

describe('the callback', () => {
  const started = (streaming: boolean, path = 'big.bin') => {
    const { req, res } = exchange({ path: '/' }, streaming)
    const heard = new Promise<NodeJS.ErrnoException | undefined>((resolve) =>
      sendFile(req, res, path, { root }, resolve),
    )
    return { res, heard }
  }

  it.each([false, true])(
    'says that the request was aborted where the response is destroyed, streaming: %s',
    async (streaming) => {
      const { res, heard } = started(streaming)
      res.on('error', () => {})
      res.destroy()
      expect(await heard).toMatchObject({ message: 'Request aborted', code: 'ECONNABORTED' })
    },
  )

  it.each([false, true])('says so too where somebody else has answered meanwhile, streaming: %s', async (streaming) => {
    const { res, heard } = started(streaming)
    res.end('sooner')
    expect(await heard).toMatchObject({ message: 'Request aborted', code: 'ECONNABORTED' })
  })

  it.each([false, true])('says that it is too late where the headers are out, streaming: %s', async (streaming) => {
    const { res, heard } = started(streaming)
    res.write('part')
    expect(await heard).toMatchObject({ status: 500, message: "Can't set headers after they are sent.", expose: false })
    res.end()
  })
})

describe('reading at once', () => {
  const loadedBy = async (path: string) => {
    const { req, res } = exchange({ path: '/' })
    const before = new Set((process as unknown as { moduleLoadList: string[] }).moduleLoadList)
    await new Promise<unknown>((resolve) => sendFile(req, res, path, { root }, resolve))
    return (process as unknown as { moduleLoadList: string[] }).moduleLoadList.filter((name) => !before.has(name))
  }

  it('makes no stream', async () => {
    expect(await loadedBy('big.bin')).toEqual([])
  })

  it.each(['write', 'end'] as const)('gives way to the stream where a middleware replaced %s', async (method) => {
    const { req, res } = exchange({ path: '/' })
    const calls: number[] = []
    const original = res[method].bind(res) as (chunk?: Buffer) => unknown
    Object.assign(res, {
      [method]: (chunk?: Buffer) => {
        calls.push(chunk?.length ?? 0)
        return original(chunk)
      },
    })
    await new Promise<unknown>((resolve) => sendFile(req, res, 'big.bin', { root }, resolve))
    expect(calls).toEqual(method === 'end' ? [0] : [65_536, 65_536, 65_536, 3392])
  })

  it('gives way to the stream where somebody listens to the pipe', async () => {
    const { req, res } = exchange({ path: '/' })
    const piped = new Promise((resolve) => res.once('pipe', resolve))
    await new Promise<unknown>((resolve) => sendFile(req, res, 'name.txt', { root }, resolve))
    expect(await piped).toHaveProperty('path', join(root, 'name.txt'))
  })
})
