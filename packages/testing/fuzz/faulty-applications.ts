// One application with every way to fail, in core, in the shim and in real Express behind the listener.
import { pipeline, Readable } from 'node:stream'
import { createApp, type LambdaHandler, toStreamingLambdaHandler } from '@expressway/core'
import type { Handle } from '@expressway/core/handle'
import shim from '@expressway/express-shim'
import { toHandle as shimHandle } from '@expressway/express-shim/lambda'
import { toHandle as listenerHandle, toLambdaHandler } from '@expressway/express-shim/listener'
import express from 'express'

export interface FaultyApplication {
  readonly name: string
  readonly handler: LambdaHandler
  readonly streamHandler: ReturnType<typeof toStreamingLambdaHandler>
}

const never = () => new Promise<never>(() => {})
const tooLarge = 'x'.repeat(7 * 1024 * 1024)
const breaking = (): Readable =>
  Readable.from(
    (async function* () {
      yield 'a'
      throw new Error('in a stream')
    })(),
  )

class Odd extends Error {}

function coreApplication() {
  const app = createApp({ logger: { error: (...parts) => console.error(...parts) } })
  app.use('/patched', (_req, res, next) => {
    res.send = () => {
      throw new TypeError('patched')
    }
    return next()
  })
  app.use('/next-twice', async (_req, _res, next) => {
    await next()
    await next()
  })
  app.all('/clean/:id', (req) => ({ id: req.params.id, body: req.text(), header: req.headers.get('x-id') ?? null }))
  app.all('/clean-later/:id', async (req) => {
    await new Promise((resolve) => setImmediate(resolve))
    return { id: req.params.id, body: req.text(), header: req.headers.get('x-id') ?? null }
  })
  app.all('/sync', () => {
    throw new Error('sync')
  })
  app.all('/async', async () => {
    await null
    throw new Error('async')
  })
  app.all('/no-error', () => Promise.reject(null))
  app.all('/after-answer', (_req, res) => {
    res.text('done')
    throw new Error('after the answer')
  })
  app.all('/in-stream', () => breaking())
  app.all('/in-error-handler', () => {
    throw new Odd('first')
  })
  app.onError(Odd, () => {
    throw new Error('second')
  })
  app.all('/never', never)
  app.all('/never-reads', async (req) => {
    for await (const chunk of new Readable({ read() {} })) req.locals[String(chunk)] = true
    return 'ended'
  })
  app.all('/twice', (_req, res) => {
    res.text('first')
    res.text('second')
  })
  app.all('/next-twice', () => 'x')
  app.all('/too-large', () => tooLarge)
  app.all('/patched', (_req, res) => res.send('x'))
  app.all('/endless', async function* () {
    for (;;) {
      yield 'x'
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  })
  return app
}

type Express = typeof express

function expressApplication(create: Express) {
  const app = create()
  app.set('env', 'production')
  app.use('/patched', (_req, res, next) => {
    res.send = () => {
      throw new TypeError('patched')
    }
    next()
  })
  app.use('/next-twice', (_req, _res, next) => {
    next()
    next()
  })
  app.use(create.text({ type: () => true }))
  const clean: express.RequestHandler = (req, res) => {
    res.json({ id: req.params['id'], body: req.body ?? '', header: req.get('x-id') ?? null })
  }
  app.all('/clean/:id', clean)
  app.all('/clean-later/:id', (req, res, next) => void setImmediate(() => clean(req, res, next)))
  app.all('/sync', () => {
    throw new Error('sync')
  })
  app.all('/async', async () => {
    await null
    throw new Error('async')
  })
  app.all('/no-error', () => Promise.reject(null))
  app.all('/after-answer', (_req, res) => {
    res.send('done')
    throw new Error('after the answer')
  })
  app.all('/in-stream', (_req, res) => void pipeline(breaking(), res, () => {}))
  app.all('/in-error-handler', () => {
    throw new Odd('first')
  })
  app.all('/never', never)
  app.all('/never-reads', async (_req, res) => {
    for await (const chunk of new Readable({ read() {} })) res.write(chunk)
  })
  app.all('/twice', (_req, res) => {
    res.send('first')
    res.send('second')
  })
  app.all('/next-twice', (_req, res) => void res.send('x'))
  app.all('/too-large', (_req, res) => void res.send(tooLarge))
  app.all('/patched', (_req, res) => void res.send('x'))
  app.all('/endless', (_req, res) => {
    const timer = setInterval(() => res.write('x'), 1)
    res.on('close', () => clearInterval(timer))
  })
  app.use(((error, _req, _res, next) => {
    if (error instanceof Odd) throw new Error('second')
    next(error)
  }) as express.ErrorRequestHandler)
  return app
}

/** Each made anew: what a test sees of memory and listeners is that application's own. */
export function faultyApplications(): FaultyApplication[] {
  const core = coreApplication()
  const ours = expressApplication(shim as unknown as Express)
  const theirs = expressApplication(express) as never
  const streaming = (handle: Handle) => toStreamingLambdaHandler(handle)
  return [
    { name: 'core', handler: core.handler, streamHandler: core.streamHandler },
    {
      name: 'the shim',
      handler: (ours as unknown as { handler: LambdaHandler }).handler,
      streamHandler: streaming(shimHandle(ours)),
    },
    {
      name: 'Express behind the listener',
      handler: toLambdaHandler(theirs),
      streamHandler: streaming(listenerHandle(theirs)),
    },
  ]
}

/** Every fault's route, and whether it is over only at the deadline. */
export const faults: readonly [path: string, slow: boolean][] = [
  ['/sync', false],
  ['/async', false],
  ['/no-error', false],
  ['/after-answer', false],
  ['/in-stream', false],
  ['/in-error-handler', false],
  ['/twice', false],
  ['/next-twice', false],
  ['/patched', false],
  ['/too-large', false],
  ['/never', true],
  ['/never-reads', true],
  ['/endless', true],
]
