import request from '@expressway/testing'
import { describe, expect, it, vi } from 'vitest'
import { createApp, createRouter, type Middleware, UnauthorizedError } from '../src/index.ts'

/** Notes its way in and its way out. */
const trace =
  (log: string[], name: string): Middleware =>
  async (_req, _res, next) => {
    log.push(`${name}>`)
    await next()
    log.push(`<${name}`)
  }

describe('middleware', () => {
  it('runs from the application to the route, and back in reverse order', async () => {
    const log: string[] = []
    const app = createApp()
    const router = createRouter()
    app.use(trace(log, 'app1'), trace(log, 'app2'))
    router.use(trace(log, 'router'))
    router.get('/x', trace(log, 'route'), () => {
      log.push('handler')
      return 'x'
    })
    app.use('/r', router)
    await request(app).get('/r/x').expect(200)
    expect(log.join(' ')).toBe('app1> app2> router> route> handler <route <router <app2 <app1')
  })

  it('holds for what is registered after it', async () => {
    const log: string[] = []
    const app = createApp()
    app.get('/before', () => 'x')
    app.use(trace(log, 'm'))
    app.get('/after', () => 'x')
    await request(app).get('/before').expect(200)
    expect(log).toEqual([])
    await request(app).get('/after').expect(200)
    expect(log).toEqual(['m>', '<m'])
  })

  it('under a path, runs there only', async () => {
    const app = createApp()
    app.use('/admin', () => {
      throw new UnauthorizedError()
    })
    app.get('/*any', () => 'ok')
    await request(app).get('/admin/x').expect(401)
    await request(app).get('/administrator').expect(200)
  })

  it('sees the answer after next(), and may change it', async () => {
    const app = createApp()
    app.use(async (_req, res, next) => {
      await next()
      res.set('x-status', res.statusCode).send(String(res.body).toUpperCase())
    })
    app.get('/x', () => 'text')
    await request(app).get('/x').expect(200, 'TEXT').expect('x-status', '200')
  })

  it('short-circuits by returning an answer, by writing one, or by throwing', async () => {
    const app = createApp()
    const handler = vi.fn()
    app.get('/return', () => [403, 'text/plain', 'no'], handler)
    app.get('/write', (_req, res) => void res.status(403).text('no'), handler)
    app.get('/throw', () => Promise.reject(new UnauthorizedError('no')), handler)
    await request(app).get('/return').expect(403, 'no')
    await request(app).get('/write').expect(403, 'no')
    await request(app).get('/throw').expect(401, { statusCode: 401, message: 'no' })
    expect(handler).not.toHaveBeenCalled()
  })

  it('need not await next(): the chain waits', async () => {
    const app = createApp()
    app.use((_req, _res, next) => {
      next()
    })
    app.get('/x', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return 'late'
    })
    await request(app).get('/x').expect(200, 'late')
  })

  it('catches what comes after it', async () => {
    const app = createApp()
    app.use(async (_req, res, next) => {
      try {
        await next()
      } catch (error) {
        res.status(418).text((error as Error).message)
      }
    })
    app.get('/sync', () => {
      throw new Error('sync')
    })
    app.get('/async', async () => {
      throw new Error('async')
    })
    await request(app).get('/sync').expect(418, 'sync')
    await request(app).get('/async').expect(418, 'async')
  })

  it('that catches an error answers anew: what was written before it is gone', async () => {
    const app = createApp()
    app.get(
      '/x',
      async (_req, _res, next) => next().catch((error) => [418, 'text/plain', error.message]),
      (_req, res) => {
        res.set('x-kept', '1').set('etag', '"a"').json({ partial: true })
        throw new Error('late')
      },
    )
    const res = await request(app).get('/x').expect(418, 'late').expect('x-kept', '1')
    expect(res.headers).not.toHaveProperty('etag')
  })

  it('that does not wait for next() loses no error', async () => {
    const logger = { error: vi.fn() }
    const app = createApp({ logger })
    app.get(
      '/x',
      async (_req, _res, next) => {
        next()
      },
      (_req, res) => {
        res.json({ partial: true })
        throw new Error('late')
      },
    )
    await request(app).get('/x').expect(500)
    expect(logger.error).toHaveBeenCalledOnce()
  })

  it('passes an error by next(error), as in Express', async () => {
    const app = createApp()
    app.get(
      '/x',
      (_req, _res, next) => next(new UnauthorizedError('by next')),
      () => 'x',
    )
    await request(app).get('/x').expect(401, { statusCode: 401, message: 'by next' })
  })

  it('runs around 404, 405 and preflights', async () => {
    const log: number[] = []
    const app = createApp({ cors: true })
    app.use(async (_req, res, next) => {
      await next()
      log.push(res.statusCode)
    })
    app.get('/x', () => 'x')
    await request(app).get('/none').expect(404)
    await request(app).put('/x').expect(405)
    await request(app).options('/x').set('Origin', 'https://a.example').expect(204)
    expect(log).toEqual([404, 405, 204])
  })

  it.each([
    ['that neither answers nor goes on', (() => undefined) as Middleware, 'neither answered nor called next()'],
    [
      'that calls next() twice',
      (async (_req, _res, next) => {
        await next()
        await next()
      }) as Middleware,
      'called next() twice',
    ],
  ])('%s is an error that names the route', async (_name, middleware, message) => {
    const logger = { error: vi.fn() }
    const app = createApp({ logger })
    app.get('/x', middleware, () => 'x')
    await request(app).get('/x').expect(500)
    expect(String(logger.error.mock.calls[0]?.[1])).toContain(message)
    expect(String(logger.error.mock.calls[0]?.[1])).toContain('GET /x')
  })

  it('shares what it learnt in req.locals', async () => {
    const app = createApp()
    app.use((req, _res, next) => {
      req.locals.user = 'ada'
      return next()
    })
    app.get('/me', (req) => String(req.locals.user))
    await request(app).get('/me').expect(200, 'ada')
  })
})
