import { finished, pipeline, Readable } from 'node:stream'
import type { Response } from 'express'
import { describe, it } from 'vitest'
import { compare, type Scenario } from '../response/scenarios.ts'

const anyway = (value: unknown): never => value as never

/** A response with all that Node's types do not name. */
const inside = (res: Response) =>
  res as unknown as Record<string, unknown> & { _implicitHeader(): void; _header: string | null }

const rawNames = (res: Response) => (res as unknown as { getRawHeaderNames(): string[] }).getRawHeaderNames()

describe('headers of ServerResponse', () => {
  const names: unknown[] = ['X-Own', 'a b', '', 'ü', undefined, null, 5, 'x:y']
  const values: unknown[] = [
    'v',
    '',
    5,
    0,
    true,
    null,
    undefined,
    ['a', 'b'],
    [],
    [1, 2],
    'a\nb',
    'é',
    '☃',
    ['ok', '☃'],
    {},
    Symbol.iterator,
  ]
  const methods = ['setHeader', 'appendHeader'] as const
  for (const method of methods) {
    it(`${method} takes and refuses the same`, () =>
      compare({
        ...Object.fromEntries(
          names.map(
            (name, index) =>
              [
                `name ${index}`,
                (_req, res, note) => note(res[method](anyway(name), 'v') === res, res.getHeaders()) ?? res.end(),
              ] as [string, Scenario],
          ),
        ),
        ...Object.fromEntries(
          values.map(
            (value, index) =>
              [
                `value ${index}`,
                (_req, res, note) => note(res[method]('X-Own', anyway(value)).getHeader('x-own')) ?? res.end(),
              ] as [string, Scenario],
          ),
        ),
        twice: (_req, res, note) =>
          note(res[method]('X-Own', 'a')[method]('x-own', 'b').getHeader('X-OWN'), rawNames(res)) ?? res.end(),
        'to list': (_req, res, note) =>
          note(res[method]('X-Own', ['a'])[method]('x-own', ['b', 'c']).getHeader('X-OWN')) ?? res.end(),
        'to nothing': (_req, res, note) =>
          note(res.setHeader('X-Own', '')[method]('x-own', 'b').getHeader('X-OWN')) ?? res.end(),
        sent: (_req, res) => res.writeHead(200)[method]('X-Own', 'v'),
      }))
  }
  it('readers take and refuse the same', () =>
    compare(
      Object.fromEntries(
        (['getHeader', 'hasHeader', 'removeHeader'] as const).flatMap((method) =>
          names.map(
            (name, index) =>
              [
                `${method} ${index}`,
                (_req, res, note) => {
                  res.setHeader('X-Own', '0')
                  note(res[method](anyway(name)), res.getHeaderNames(), res.hasHeader('X-own'))
                  res.end()
                },
              ] as [string, Scenario],
          ),
        ),
      ),
    ))
  it('list what is set, in its case', () =>
    compare({
      names: (_req, res, note) => {
        res
          .setHeader('Content-Type', 'a/b')
          .setHeader('etag', '"x"')
          .setHeader('X-Request-ID', '1')
          .setHeader('x-lower', '2')
        note(res.getHeaderNames(), rawNames(res), res.getHeaders())
        res.setHeader('X-LOWER', '3').setHeader('ETag', '"y"').removeHeader('content-TYPE')
        note(res.getHeaderNames(), rawNames(res), res.getHeaders())
        const copy = res.getHeaders()
        copy['x-copy'] = '1'
        note(res.hasHeader('x-copy'))
        res.end()
      },
      'nothing set': (_req, res, note) => {
        res.removeHeader('X-Powered-By')
        note(res.getHeaderNames(), rawNames(res), res.getHeaders())
        res.end()
      },
      'remove after sent': (_req, res) => {
        res.writeHead(200)
        res.removeHeader('x')
      },
    }))
  it('setHeaders takes maps and Headers', () =>
    compare({
      map: (_req, res) =>
        res
          .setHeaders(
            new Map([
              ['A', 'b'],
              ['set-cookie', anyway(['x=1', 'y=2'])],
            ]),
          )
          .end(),
      headers: (_req, res) =>
        res
          .setHeaders(
            new Headers([
              ['a', 'b'],
              ['set-cookie', 'x=1'],
              ['set-cookie', 'y=2'],
            ]),
          )
          .end(),
      object: (_req, res) => res.setHeaders(anyway({ a: 'b' })),
      list: (_req, res) => res.setHeaders(anyway([['a', 'b']])),
      nothing: (_req, res) => res.setHeaders(anyway(undefined)),
      sent: (_req, res) => res.writeHead(200).setHeaders(new Map()),
    }))
})

describe('writeHead', () => {
  const heads: unknown[][] = [
    [200],
    [404, 'Nothing Here'],
    [200, { 'X-A': 'b', 'x-list': ['a', 'b'] }],
    [200, 'Fine', { 'X-A': 'b' }],
    [200, 'Fine', ['X-A', 'b', 'X-A', 'c', 'Set-Cookie', 'a=b']],
    [200, ['X-A', 'b', 'X-B', 'c']],
    [200, ['X-A']],
    [200, { 'X-A': undefined }],
    [200, { 'a b': 'c' }],
    [200, { a: '☃' }],
    [200, { '': 'x' }],
    [200, null, { a: 'b' }],
    [200, undefined, { a: 'b' }],
    ['201', { a: 'b' }],
    [201.9],
    [0],
    [99],
    [1000],
    ['x'],
    [undefined],
    [null],
    [200, 'a\nb'],
    [200, '☃'],
    [204, { 'content-length': '5' }],
    [200, { 'x-powered-by': 'Me' }],
  ]
  it('takes every form after headers were set', () =>
    compare(
      Object.fromEntries(
        heads.map(
          (args, index) =>
            [
              `${index}`,
              (_req, res, note) => {
                res.setHeader('X-Before', '1')
                note(
                  Reflect.apply(res.writeHead, res, args) === res,
                  res.statusCode,
                  res.statusMessage,
                  res.headersSent,
                  res.getHeaders(),
                )
                res.end('body')
              },
            ] as [string, Scenario],
        ),
      ),
    ))
  it('takes every form where none were set', () =>
    compare(
      Object.fromEntries(
        [
          ...heads,
          [
            200,
            [
              ['X-A', 'b'],
              ['X-A', 'c'],
            ],
          ],
          [200, { cookie: ['a', 'b'] }],
        ].map(
          (args, index) =>
            [
              `${index}`,
              (_req, res, note) => {
                note(
                  Reflect.apply(res.writeHead, res, args) === res,
                  res.statusCode,
                  res.statusMessage,
                  res.headersSent,
                  res.getHeaders(),
                )
                res.end('body')
              },
            ] as [string, Scenario],
        ),
      ),
      { configure: (app) => app.disable('x-powered-by') },
    ))
  it('comes once', () =>
    compare({
      twice: (_req, res) => res.writeHead(200).writeHead(201),
      'after write': (_req, res) => res.write('x') && res.writeHead(200),
      'after flush': (_req, res) => {
        res.flushHeaders()
        res.flushHeaders()
        res.status(404).set('a', 'b')
      },
      header: (_req, res, note) => {
        const own = inside(res)
        note(own._header, res.headersSent)
        own._implicitHeader()
        note(typeof own._header, String(own._header).split('\r\n', 2), res.headersSent)
        res.end()
      },
      alias: (_req, res) => (inside(res).writeHeader as (status: number) => Response).call(res, 202).end(),
    }))
  it('takes a status message that was set', () =>
    compare({
      message: (_req, res, note) => {
        res.statusMessage = 'Own Words'
        note(res.statusMessage)
        res.end()
        note(res.statusMessage)
      },
      standard: (_req, res, note) => note(res.statusMessage, res.status(404).end().statusMessage),
      unknown: (_req, res, note) => note(res.status(799).end().statusMessage),
      invalid: (_req, res) => {
        res.statusMessage = 'a\nb'
        res.end()
      },
    }))
})

describe('write and end', () => {
  const pieces: unknown[][] = [
    ['text'],
    ['é'],
    ['68656c6c6f', 'hex'],
    ['aGVsbG8=', 'base64'],
    ['aGVsbG8', 'base64url'],
    ['é', 'latin1'],
    ['é', 'binary'],
    ['é', 'ascii'],
    ['hé', 'utf16le'],
    ['é', 'UTF-8'],
    ['é', null],
    [Buffer.from('bytes')],
    [new Uint8Array([104, 105])],
    [Buffer.from([0, 255, 13, 10])],
    [''],
    [Buffer.alloc(0)],
    [5],
    [{}],
    [true],
    [new Uint16Array(2)],
    [['x']],
  ]
  it('write takes and refuses the same, in every encoding', () =>
    compare({
      ...Object.fromEntries(
        pieces.map(
          (args, index) =>
            [`${index}`, (_req, res, note) => note(Reflect.apply(res.write, res, args)) ?? res.end('.')] as [
              string,
              Scenario,
            ],
        ),
      ),
      null: (_req, res) => res.write(null),
      undefined: (_req, res) => res.write(undefined),
    }))
  it('end takes and refuses the same, in every encoding', () =>
    compare({
      ...Object.fromEntries(
        pieces.map(
          (args, index) =>
            [`${index}`, (_req, res, note) => note(Reflect.apply(res.end, res, args) === res)] as [string, Scenario],
        ),
      ),
      null: (_req, res) => res.end(null),
      undefined: (_req, res) => res.end(undefined),
      zero: (_req, res) => res.end(0),
      mixed: (_req, res) => {
        res.write('é')
        res.write('C3', 'hex')
        res.write(Buffer.from([0xa9]))
        res.end('fin', 'latin1')
      },
      halves: (_req, res) => {
        res.write('\ud83d')
        res.end('\udca9')
      },
    }))
  it('drop the body where there is none', () =>
    compare(
      {
        'no content': (_req, res, note) => note(res.status(204).write('x')) ?? res.end('y'),
        'not modified': (_req, res) => res.status(304).end('y'),
        head: (_req, res, note) => note(res.write('x')) ?? res.end('y'),
      },
      { sent: [{}, { method: 'HEAD' }] },
    ))
  it('call back in order', () =>
    compare({
      callbacks: (_req, res, note) => {
        const after = (name: string) => () => note(name, res.writableEnded, res.finished, res.headersSent)
        res.on('finish', () => note('finish', res.writableFinished, res.writableEnded, res.destroyed))
        res.on('prefinish', () => note('prefinish', res.writableFinished))
        res.write('a', after('a'))
        res.write('b', 'utf8', after('b'))
        res.end('c', after('end'))
        note('sync', res.writableEnded, res.finished, res.writableFinished, res.destroyed)
      },
      'end with encoding': (_req, res, note) => res.end('63', 'hex', () => note('ended')),
      'end with callback only': (_req, res, note) => res.end(() => note('ended')),
      'end twice': (_req, res, note) => {
        res.end('a')
        res.end((error?: Error) => note('again', error?.message ?? null))
      },
      'no body': (_req, res, note) => {
        res.status(204)
        res.write('a', () => note('a'))
        res.end()
      },
    }))
  it('refuse to write after the end', () =>
    compare({
      'write after end': (_req, res, note) => {
        res.on('error', (error: NodeJS.ErrnoException) => note('error', error.code, error.message))
        res.end('a')
        note(res.write('b', (error) => note('callback', (error as NodeJS.ErrnoException)?.code)))
      },
      'end with body after end': (_req, res, note) => {
        res.on('error', (error: NodeJS.ErrnoException) => note('error', error.code, error.message))
        res.end('a')
        note(res.end('b', () => note('callback')) === res)
      },
    }))
  it('hold to strictContentLength', () =>
    compare({
      exact: (_req, res) => {
        res.strictContentLength = true
        res.setHeader('Content-Length', 2)
        res.end('ab')
      },
    }))
})

describe('state', () => {
  const members = [
    'writable',
    'writableEnded',
    'writableFinished',
    'writableLength',
    'writableCorked',
    'writableObjectMode',
    'writableNeedDrain',
    'writableHighWaterMark',
    'finished',
    'headersSent',
    'destroyed',
    'closed',
    'errored',
    'sendDate',
    'strictContentLength',
    'chunkedEncoding',
    'useChunkedEncodingByDefault',
    'statusCode',
    'statusMessage',
    '_header',
    '_hasBody',
    '_sent100',
    '_removedTE',
    '_closed',
    'maxRequestsOnConnectionReached',
    '_expect_continue',
    '_defaultKeepAlive',
    '_removedConnection',
    '_removedContLen',
    '_trailer',
    '_last',
  ]
  const state = (res: Response) => Object.fromEntries(members.map((name) => [name, inside(res)[name]]))
  it('is that of Node at the start', () => compare({ start: (_req, res, note) => note(state(res)) ?? res.end() }))
  it('is that of Node in finish and close', () => {
    const seen = [
      'writableEnded',
      'writableFinished',
      'finished',
      'headersSent',
      'destroyed',
      'closed',
      'errored',
      'writable',
      'statusMessage',
    ]
    const few = (res: Response) => Object.fromEntries(seen.map((name) => [name, inside(res)[name]]))
    return compare({
      ended: (_req, res, note) => {
        res.on('finish', () => note('finish', few(res), res.socket))
        res.send('x')
        note('sync', { ...few(res), writableFinished: 0 }, res.socket === res.req.socket)
      },
      late: (_req, res, note) => {
        res.send('x')
        res.once('finish', () => note('finish'))
      },
      once: (_req, res, note) => {
        res.once('finish', () => note('once'))
        res.prependListener('finish', () => note('first'))
        res.addListener('finish', () => note('last'))
        res.send('x')
      },
    })
  })
  it('has corks, timeouts and what goes nowhere', () =>
    compare({
      cork: (_req, res, note) => {
        res.cork()
        res.write('a')
        note(res.writableCorked)
        res.uncork()
        note(res.writableCorked)
        res.end()
      },
      timeout: (_req, res, note) =>
        note(res.setTimeout(1000, () => {}) === res, res.listenerCount('timeout')) ?? res.end(),
      trailers: (_req, res, note) => {
        res.write('x')
        note(res.addTrailers({ a: 'b' }))
        res.end()
      },
      'bad trailers': (_req, res) => res.addTrailers({ 'a b': 'c' }),
      'bad trailer value': (_req, res) => res.addTrailers({ a: '☃' }),
      'bad hints': (_req, res) => res.writeEarlyHints(anyway(5)),
      'no hints': (_req, res) => res.writeEarlyHints(anyway(undefined)),
      'informational responses after the head': (_req, res, note) => {
        res.write('x')
        const hints = { link: '</a.css>; rel=preload' }
        for (const late of [() => res.writeContinue(), () => res.writeProcessing(), () => res.writeEarlyHints(hints)]) {
          try {
            note(late())
          } catch (error) {
            note((error as NodeJS.ErrnoException).code, (error as Error).message)
          }
        }
        res.end()
      },
    }))
  it('can be assigned', () =>
    compare({
      assign: (_req, res, note) => {
        res.sendDate = false
        res.shouldKeepAlive = false
        res.statusCode = 201
        note(res.sendDate, res.shouldKeepAlive, res.statusCode)
        res.end()
      },
    }))
})

describe('as a stream', () => {
  it('is piped to', () =>
    compare({
      pipe: (_req, res, note) => {
        res
          .on('pipe', () => note('pipe'))
          .on('unpipe', () => note('unpipe'))
          .on('finish', () => note('finish'))
        Readable.from(['a', 'b', 'c']).pipe(res)
      },
      pipeline: (_req, res, note) =>
        pipeline(Readable.from([Buffer.from('a'), 'b']), res, (error) => note('done', error?.message ?? null)),
      large: (_req, res, note) =>
        pipeline(Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(9_000, 97))), res, (error) =>
          note('done', error ?? null),
        ),
      finished: (_req, res, note) => {
        finished(res, (error) => note('done', error ?? null, res.writableFinished))
        res.end('x')
      },
      'finished after the end': (_req, res, note) => {
        res.end('x')
        finished(res, (error) => note('done', error ?? null))
      },
    }))
  it('cannot be read', () =>
    compare({
      pipe: (_req, res, note) => {
        res.on('error', (error: NodeJS.ErrnoException) => note(error.code, error.message))
        ;(res as unknown as { pipe(target: unknown): void }).pipe(process.stdout)
        res.end()
      },
    }))
})
