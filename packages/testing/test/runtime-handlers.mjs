// Handlers for both runtimes, the real one and this package's, chosen by `event.case`.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const cycle = {}
cycle.self = cycle

class Custom extends Error {
  name = 'Custom.Error'
}

const throwing = (value) => () => {
  throw value
}

export const buffered = {
  object: async () => ({ statusCode: 200, body: 'é', nested: { gone: undefined, none: null, nan: Number.NaN } }),
  nothing: async () => undefined,
  bytes: async () => ({ body: Buffer.from([1, 2]), array: new Uint8Array([3]) }),
  date: async () => new Date(0),
  bigint: async () => ({ n: 1n }),
  cycle: async () => cycle,
  function: async () => () => 1,
  symbol: async () => Symbol('x'),
  text: async () => 'text',
  synchronous: () => ({ a: 1 }),
  rejects: async () => Promise.reject(new TypeError('wrong')),
  throws: throwing(new Custom('custom\x7F')),
  throwsText: throwing('just text'),
  throwsNothing: throwing(undefined),
  throwsObject: throwing({ toString: () => 'an object' }),
  event: async (event) => event,
  parameters: async (...parameters) => parameters.length,
}

const from = (...parameters) => globalThis.awslambda.HttpResponseStream.from(...parameters)

export const streaming = {
  async prelude(_event, stream) {
    const out = from(stream, { statusCode: 201, headers: { a: 'b' }, cookies: ['c=1'] })
    out.write('hello ')
    out.write(Buffer.from('wörld'))
    out.end()
  },
  async emptyBody(_event, stream) {
    const out = from(stream, { statusCode: 204 })
    out.write('')
    out.end()
  },
  async endWithoutWrite(_event, stream) {
    from(stream, { statusCode: 204 }).end()
  },
  async endWithData(_event, stream) {
    from(stream, { statusCode: 200 }).end('data')
  },
  async lateMetadata(_event, stream) {
    const metadata = { statusCode: 200 }
    const out = from(stream, metadata)
    metadata.statusCode = 500
    out.write('x')
    out.end()
  },
  async withoutPrelude(_event, stream) {
    stream.setContentType('text/plain')
    stream.write('plain')
    stream.end()
  },
  async untyped(_event, stream) {
    stream.end('bytes')
  },
  async objects(_event, stream) {
    stream.write({ a: 1 })
    stream.write([1, 2])
    stream.write(5)
    stream.write(new Uint8Array([65]))
    stream.end()
  },
  async encoded(_event, stream) {
    stream.write('aMOp', 'base64')
    stream.end()
  },
  async lateType(_event, stream) {
    stream.write('x')
    stream.setContentType('text/plain')
    stream.end()
  },
  async lateFrom(_event, stream) {
    stream.write('x')
    from(stream, { statusCode: 200 })
    stream.end()
  },
  async piped(_event, stream) {
    await pipeline(Readable.from(['a', 'b', 'c']), from(stream, { statusCode: 200 }))
  },
  async failsFirst() {
    throw new RangeError('before')
  },
  async failsLater(_event, stream) {
    const out = from(stream, { statusCode: 200 })
    out.write('begun')
    throw new RangeError('after')
  },
  async writesNull(_event, stream) {
    stream.write(null)
  },
  notAsync(_event, stream) {
    stream.write('x')
  },
  async shape(_event, stream) {
    const names = Object.getOwnPropertyNames(stream).sort()
    stream.write(JSON.stringify({ names, plain: Object.getPrototypeOf(stream) === Object.prototype }))
    stream.end()
  },
  async returns(_event, stream) {
    stream.end('x')
    return 'ignored'
  },
  async endsLater(_event, stream) {
    stream.write('soon')
    setTimeout(() => stream.end(' done'), 50)
  },
}

export const handler = (event, context, ...rest) => buffered[event.case](event, context, ...rest)

export const stream = (event, out, context) => streaming[event.case](event, out, context)
stream[Symbol.for('aws.lambda.runtime.handler.streaming')] = 'response'

export const callback = (event, context, done) => done(null, { event, context })
