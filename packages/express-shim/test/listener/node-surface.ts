import { createReadStream, rmSync, writeFileSync } from 'node:fs'
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished, PassThrough, pipeline, Readable, Transform } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll } from 'vitest'
import type { Asked } from './answers.ts'

type Log = (entry: unknown) => void

/** What is done with Node's pair of objects, once on a real server and once on the bridge; `log` takes what is seen. */
export interface Scenario {
  asked?: Partial<Asked>
  run(req: IncomingMessage, res: ServerResponse, log: Log): unknown
}

/** Where the listener has nothing to say itself. */
const seen = (log: Log, name: string, act: () => unknown): void => {
  try {
    const result = act()
    log(`${name}: ${typeof result === 'object' && result !== null ? result.constructor.name : String(result)}`)
  } catch (error) {
    const { name: type, code, message } = error as NodeJS.ErrnoException
    log(`${name} threw ${type} ${code} ${message}`)
  }
}

function state(res: ServerResponse): string {
  const { writable, writableEnded, writableFinished, finished, headersSent, destroyed, closed, errored } = res
  return JSON.stringify({
    writable,
    writableEnded,
    writableFinished,
    finished,
    headersSent,
    destroyed,
    closed,
    errored,
  })
}

function watch(name: string, emitter: NodeJS.EventEmitter, events: string[], log: Log): void {
  for (const event of events) {
    emitter.on(event, (error?: unknown) => log(`${name} ${event}${error instanceof Error ? ` ${error.message}` : ''}`))
  }
}

const watchBoth = (req: IncomingMessage, res: ServerResponse, log: Log): void => {
  watch('res', res, ['prefinish', 'finish', 'close', 'error', 'drain', 'pipe', 'unpipe', 'timeout'], log)
  watch('req', req, ['end', 'close', 'error', 'aborted'], log)
}

const post = { method: 'POST', body: 'a body', headers: [['Content-Type', 'text/plain'] as [string, string]] }
const large = Buffer.alloc(3_000_000, 'abcdefghij')
const file = join(tmpdir(), `expressway-node-surface-${process.pid}.txt`)
writeFileSync(file, large.subarray(0, 300_000))
afterAll(() => rmSync(file))

export const scenarios: Record<string, Scenario> = {
  'end(text, callback): order of events': {
    run(req, res, log) {
      watchBoth(req, res, log)
      res.setHeader('Content-Type', 'text/plain')
      log(state(res))
      res.end('hello', () => log(`callback ${state(res)}`))
      log(state(res))
      process.nextTick(() => log('next tick'))
      res.on('close', () => log(state(res)))
    },
  },
  'end() without a body': {
    run(req, res, log) {
      watchBoth(req, res, log)
      res.end(() => log('callback'))
    },
  },
  'write, write, end, each with its callback': {
    run(req, res, log) {
      watchBoth(req, res, log)
      res.write('a', () => log('first'))
      res.write(Buffer.from('b'), () => log('second'))
      res.end('c', () => log('third'))
    },
  },
  'encodings of write and end': {
    run(_req, res) {
      res.write('68656c6c6f', 'hex')
      res.write('d8O8', 'base64')
      res.write('\u00e9\u00ff', 'latin1')
      res.write('é', 'utf8')
      res.write('ab', 'utf16le')
      res.write('\ud83d')
      res.write('\ude00')
      res.end('_-8', 'base64url')
    },
  },
  'end in hex': { run: (_req, res) => res.end('00ff80', 'hex') },
  'an encoding that there is not': {
    run(_req, res, log) {
      seen(log, 'write', () => res.write('x', 'nonsense' as BufferEncoding))
      res.destroy()
    },
  },
  'writeHead with a record': {
    run: (_req, res) =>
      res.writeHead(201, { 'Content-Type': 'text/a', 'X-N': 5, 'Set-Cookie': ['a=1', 'b=2'] }).end('x'),
  },
  'writeHead with a reason and a flat list': {
    run: (_req, res) =>
      res.writeHead(299, 'Fine', ['X-A', '1', 'x-a', '2', 'Set-Cookie', 'c=1', 'Set-Cookie', 'd=2']).end(),
  },
  'writeHead with pairs': {
    run(_req, res) {
      const pairs = [['X-A', '1'], ['X-B', ['2', '3']], ['X-A', '4']] // biome-ignore format: a table
      res.writeHead(200, pairs as unknown as string[]).end('x')
    },
  },
  'writeHead over setHeader': {
    run(_req, res) {
      res.setHeader('X-A', 'old').setHeader('X-B', ['1', '2']).appendHeader('X-B', '3')
      res.writeHead(200, { 'x-a': 'new', 'X-C': 'c' }).end('x')
    },
  },
  'writeHead with a flat list over setHeader': {
    run(_req, res) {
      res.setHeader('X-A', 'old')
      res.writeHead(200, ['X-A', '1', 'X-A', '2']).end('x')
    },
  },
  'writeHead with undefined members': {
    run(_req, res, log) {
      seen(log, 'writeHead', () => res.writeHead(200, { 'X-A': undefined }))
      res.end('x')
    },
  },
  'writeHead refuses': {
    run(_req, res, log) {
      seen(log, 'status', () => res.writeHead(99))
      seen(log, 'status', () => res.writeHead(1000))
      seen(log, 'odd', () => res.writeHead(200, ['X-A']))
      seen(log, 'name', () => res.writeHead(200, { 'X A': '1' }))
      seen(log, 'value', () => res.writeHead(200, { 'X-A': '1\r\nX-B: 2' }))
      seen(log, 'reason', () => res.writeHead(200, 'a\r\nb'))
      log(state(res))
      res.statusMessage = 'OK'
      res.end('still answers')
    },
  },
  'headers after they are sent': {
    run(_req, res, log) {
      res.setHeader('X-A', '1')
      res.flushHeaders()
      log(state(res))
      seen(log, 'setHeader', () => res.setHeader('X-B', '2'))
      seen(log, 'appendHeader', () => res.appendHeader('X-B', '2'))
      seen(log, 'removeHeader', () => res.removeHeader('X-A'))
      seen(log, 'writeHead', () => res.writeHead(200))
      seen(log, 'setHeaders', () => res.setHeaders(new Map()))
      seen(log, 'writeContinue', () => res.writeContinue())
      log(JSON.stringify([res.getHeaders(), res.getHeaderNames(), res.hasHeader('x-a'), res.getHeader('X-A')]))
      res.end('x')
    },
  },
  'setHeader refuses': {
    run(_req, res, log) {
      seen(log, 'name', () => res.setHeader('bad name', '1'))
      seen(log, 'undefined', () => res.setHeader('x', undefined as unknown as string))
      seen(log, 'line break', () => res.setHeader('x', 'a\nb'))
      seen(log, 'beyond Latin-1', () => res.setHeader('x', '€'))
      res.end('x')
    },
  },
  'names of headers as written': {
    run(_req, res, log) {
      res.setHeader('X-MiXed', '1')
      log(JSON.stringify([(res as unknown as ClientRequest).getRawHeaderNames(), res.getHeaderNames()]))
      res.end()
    },
  },
  'what can be no chunk': {
    run(_req, res, log) {
      seen(log, 'null', () => res.write(null))
      seen(log, 'number', () => res.write(1))
      seen(log, 'object', () => res.end({}))
      log(state(res))
      if (!res.writableEnded) res.end('x')
    },
  },
  'writing after the end': {
    run(req, res, log) {
      watchBoth(req, res, log)
      res.end('x')
      seen(log, 'write', () => res.write('y', (error) => log(`callback ${(error as NodeJS.ErrnoException)?.code}`)))
      seen(log, 'end', () => res.end('z', () => log('never')))
      seen(log, 'end', () => res.end(() => log('second end')))
    },
  },
  'an end too many, later': {
    async run(_req, res, log) {
      res.end('x')
      await pause(5)
      seen(log, 'end', () => res.end())
      seen(log, 'end', () => res.end((error?: NodeJS.ErrnoException) => log(`callback ${error?.code}`)))
      seen(log, 'write', () => res.write('x', (error) => log(`callback ${(error as NodeJS.ErrnoException)?.code}`)))
    },
  },
  'strictContentLength: too much, then too little': {
    run(_req, res, log) {
      res.strictContentLength = true
      res.setHeader('Content-Length', '4')
      res.flushHeaders()
      seen(log, 'write', () => res.write('abcdef'))
      seen(log, 'write', () => res.write('ab') || true)
      seen(log, 'end', () => res.end('c'))
      seen(log, 'end', () => res.end('cd'))
    },
  },
  'strictContentLength without a length': {
    run(_req, res) {
      res.strictContentLength = true
      res.write('ab')
      res.end('cd')
    },
  },
  'chunked by its own header': {
    run(_req, res) {
      res.setHeader('Transfer-Encoding', 'chunked')
      res.write('line1\r\n')
      res.write(Buffer.from([0, 255, 13, 10]))
      res.end('line2')
    },
  },
  'chunked by writeHead, with trailers': {
    run(_req, res) {
      res.writeHead(200, { 'Transfer-Encoding': 'chunked', Trailer: 'X-Sum' })
      res.write('body')
      res.addTrailers({ 'X-Sum': '1' })
      res.end()
    },
  },
  'trailers with a length': {
    run(_req, res, log) {
      seen(log, 'writeHead', () => res.writeHead(200, { Trailer: 'X-Sum', 'Content-Length': '1' }))
      log(state(res))
      res.end('x')
    },
  },
  'connection headers': {
    run: (_req, res) => res.writeHead(200, { 'Keep-Alive': 'timeout=5', 'X-A': '1' }).end('x'),
  },
  'informational answers': {
    run(_req, res, log) {
      res.writeContinue(() => log('continue'))
      res.writeProcessing(() => log('processing'))
      res.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => log('hints'))
      log(state(res))
      setImmediate(() => res.end('body alone'))
    },
  },
  HEAD: {
    asked: { method: 'HEAD' },
    run(req, res, log) {
      watchBoth(req, res, log)
      res.setHeader('X-A', '1')
      log(String(res.write('never sent', () => log('written'))))
      res.end('nor this', () => log('ended'))
    },
  },
  '204 with a body': { run: (_req, res) => res.writeHead(204, { 'X-A': '1' }).end('never sent') },
  '304 with a body': { run: (_req, res) => res.writeHead(304, { ETag: '"a"' }).end('never sent') },
  '205': { run: (_req, res) => res.writeHead(205).end() },
  'statusCode and statusMessage': {
    run(_req, res, log) {
      res.statusCode = 418
      res.statusMessage = 'Short and stout'
      res.end()
      log(`${res.statusCode} ${res.statusMessage}`)
    },
  },
  'cork and uncork': {
    run(req, res, log) {
      watchBoth(req, res, log)
      res.cork()
      log(res.writableCorked)
      res.write('a')
      res.write('b')
      res.uncork()
      res.write('c')
      res.end('d')
    },
  },
  'writeHead, write and end replaced, as middleware does': {
    run(_req, res, log) {
      const { writeHead, write, end } = res
      res.writeHead = function (this: ServerResponse, ...given: unknown[]) {
        log('writeHead')
        this.setHeader('X-Late', '1')
        return Reflect.apply(writeHead, this, given)
      } as typeof writeHead
      res.write = function (this: ServerResponse, chunk: string) {
        log('write')
        return Reflect.apply(write, this, [chunk.toUpperCase()])
      } as typeof write
      res.end = function (this: ServerResponse, chunk: string) {
        log('end')
        return Reflect.apply(end, this, [chunk.toUpperCase()])
      } as typeof end
      res.write('a')
      res.end('b')
    },
  },
  'a file, piped': {
    run(req, res, log) {
      watch('res', res, ['pipe', 'unpipe', 'finish', 'close'], log)
      watch('req', req, ['end', 'close', 'aborted'], log)
      createReadStream(file).pipe(res)
    },
  },
  'pipeline through a transform': {
    run(_req, res, log) {
      const shout = new Transform({
        transform: (chunk, _encoding, done) => done(null, String(chunk).toUpperCase()),
      })
      pipeline(createReadStream(file), shout, res, (error) => log(`done ${error?.message} ${state(res)}`))
    },
  },
  'the request piped back': {
    asked: { method: 'PUT', body: large },
    run(req, res, log) {
      pipeline(req, new PassThrough(), res, (error) => log(`done ${error?.message}`))
    },
  },
  'finished() on both': {
    asked: post,
    run(req, res, log) {
      finished(res, (error) => log(`res finished ${error?.message}`))
      finished(req, (error) => log(`req finished ${error?.message}`))
      req.resume().on('end', () => res.end('x'))
    },
  },
  'a body that nobody reads': {
    asked: post,
    run(req, res, log) {
      watchBoth(req, res, log)
      res.end('x')
      setTimeout(() => log(JSON.stringify([req.readableEnded, req.destroyed, req.complete, req.aborted])), 15)
    },
  },
  'a request that nobody looks at': {
    run(req, res, log) {
      res.end('x')
      setTimeout(() => log(JSON.stringify([req.readableEnded, req.destroyed, req.complete, req.aborted])), 15)
    },
  },
  'data and end': {
    asked: post,
    run(req, res, log) {
      watchBoth(req, res, log)
      log(JSON.stringify([req.readable, req.readableEnded, req.complete, req.readableFlowing, req.destroyed]))
      req.on('data', (chunk) => log(`data ${chunk}`))
      req.on('end', () => {
        log(JSON.stringify([req.readable, req.readableEnded, req.complete, req.readableFlowing]))
        res.end('x')
      })
    },
  },
  'readable and read()': {
    asked: post,
    run(req, res, log) {
      req.on('readable', () => {
        for (let chunk = req.read(); chunk !== null; chunk = req.read()) log(`chunk ${chunk}`)
      })
      req.on('end', () => res.end('x'))
    },
  },
  'text by setEncoding, a character cut in two': {
    asked: { ...post, body: 'grün €' },
    run(req, res, log) {
      req.setEncoding('utf8')
      req.on('data', (chunk) => log(typeof chunk))
      req.on('end', () => res.end(req.readableEncoding))
    },
  },
  'read later, paused before': {
    asked: post,
    async run(req, res, log) {
      req.pause()
      await pause(5)
      log(JSON.stringify([req.readable, req.complete, req.isPaused()]))
      res.end(await buffer(req))
    },
  },
  'unshift and read again': {
    asked: post,
    run(req, res) {
      req.once('readable', () => {
        req.unshift(Buffer.from(`>${req.read()}`))
        buffer(req).then((body) => res.end(body))
      })
    },
  },
  'async iteration left early': {
    asked: { method: 'POST', body: large },
    async run(req, res, log) {
      watch('req', req, ['aborted', 'close'], log)
      for await (const chunk of req) {
        log((chunk as Buffer).length > 0)
        break
      }
      log(JSON.stringify([req.destroyed, req.aborted, res.destroyed]))
      if (!res.destroyed) res.end('x')
    },
  },
  'what a request is': {
    asked: {
      path: '/a/../b//c%2F%20',
      query: 'x=1&x=2&y=%zz',
      headers: [
        ['X-Twice', '1'],
        ['x-twice', '2'],
        ['Cookie', 'a=1'],
        ['COOKIE', 'b=2'],
        ['Content-Type', 'text/a'],
        ['User-Agent', 'first'],
        ['User-Agent', 'second'],
        ['__proto__', 'x'],
      ],
    },
    run(req, res, log) {
      const { url, method, httpVersion, httpVersionMajor, httpVersionMinor, headers, rawHeaders, trailers } = req
      log(JSON.stringify({ url, method, httpVersion, httpVersionMajor, httpVersionMinor }))
      log(JSON.stringify([headers, rawHeaders, trailers, req.rawTrailers, req.headersDistinct, req.trailersDistinct]))
      log(
        JSON.stringify([
          (req as { upgrade?: boolean }).upgrade,
          req.statusCode,
          req.statusMessage,
          req.aborted,
          req.complete,
        ]),
      )
      log(Object.getPrototypeOf(req).constructor.name + Object.getPrototypeOf(res).constructor.name)
      log([req.socket === res.socket, req.connection === req.socket, res.req === req].join())
      log([req.socket.remoteAddress, req.socket.remoteFamily, req.socket.readable, req.socket.writable].join())
      log([req.socket.destroyed, 'encrypted' in req.socket && req.socket.encrypted === true].join())
      log(['body' in req, 'ip' in req, 'query' in req, 'params' in req].join())
      res.end()
    },
  },
  'what a POST is': {
    asked: post,
    run(req, res, log) {
      log(JSON.stringify([req.headers, req.rawHeaders]))
      res.end()
    },
  },
  'the time-out of a response': {
    run(req, res, log) {
      watch('req', req, ['timeout', 'close'], log)
      res.setTimeout(10, () => {
        log('timeout')
        res.end('late')
      })
    },
  },
  'the time-out of a response that is made in time': {
    async run(_req, res, log) {
      res.setTimeout(200, () => log('timeout'))
      for (const chunk of ['a', 'b', 'c']) {
        await pause(80)
        res.write(chunk)
      }
      res.end()
    },
  },
  'destroy before any answer': {
    run(req, res, log) {
      watchBoth(req, res, log)
      res.on('close', () => log(state(res)))
      res.destroy()
      log(state(res))
      seen(log, 'write', () => res.write('x', (error) => log(`callback ${(error as NodeJS.ErrnoException)?.code}`)))
      seen(log, 'end', () => res.end())
    },
  },
  'destroy with an error, in the middle of the answer': {
    async run(req, res, log) {
      watch('req', req, ['aborted', 'close', 'error'], log)
      watch('res', res, ['close', 'finish'], log)
      watch('socket', req.socket, ['error', 'close'], log)
      res.setHeader('Content-Length', '10')
      res.write('part')
      await pause(5)
      res.destroy(new Error('gone'))
    },
  },
  'destroy of the request': {
    asked: post,
    run(req, res, log) {
      watchBoth(req, res, log)
      req.destroy(new Error('enough'))
    },
  },
  'destroy of the socket after the end': {
    run(req, res, log) {
      watch('res', res, ['finish', 'close', 'error'], log)
      res.end('complete')
      req.socket.destroy()
    },
  },
  'a source that fails in a pipeline': {
    run(req, res, log) {
      watch('res', res, ['finish', 'close'], log)
      watch('req', req, ['aborted', 'close'], log)
      const source = new Readable({
        read() {
          this.destroy(new Error('source failed'))
        },
      })
      pipeline(source, res, (error) => log(`done ${error?.message} ${state(res)}`))
    },
  },
  'an answer written after close': {
    run(_req, res, log) {
      res.on('close', () => {
        seen(log, 'write', () => res.write('x'))
        seen(log, 'end', () => res.end('y'))
      })
      res.destroy()
    },
  },
}
