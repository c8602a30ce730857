import realExpress from 'express'
import { describe, expect, test } from 'vitest'
import shimExpress from '../../src/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: routers are called with things that are not requests
type Any = any

const plain = (req: Any) => {
  const { method, url, baseUrl, originalUrl, params, route } = req
  return { method, url, baseUrl, originalUrl, params, route: route?.path, keys: Object.keys(req).filter(isOwn).sort() }
}

// The record that Express's parser keeps on a request, which the shim has no need of.
const isOwn = (key: string) => key !== '_parsedUrl'

const faultOf = (error: Any) => (error instanceof Error ? `${error.name}: ${error.message}` : error)

/** Everything that can be seen of a call with plain objects. */
async function called(express: Any, build: (express: Any, note: Any) => Any, req: Any): Promise<unknown[]> {
  const log: unknown[] = []
  const handle = build(express, (name: string) => (seen: Any, _res: Any, next: Any) => {
    log.push([name, plain(seen)])
    next()
  })
  await new Promise<void>((resolve) => {
    const res = {
      setHeader: (...field: unknown[]) => log.push(field),
      end: (body: string) => resolve(void log.push(body)),
    }
    try {
      handle(req, res, (...given: unknown[]) => resolve(void log.push(['done', given.map(faultOf), plain(req)])))
    } catch (error) {
      resolve(void log.push(['thrown', faultOf(error)]))
    }
  })
  return log
}

const alike = async (build: (express: Any, note: Any) => Any, request: () => Any) =>
  expect(await called(shimExpress, build, request())).toEqual(await called(realExpress, build, request()))

const builds: Record<string, (express: Any, note: Any) => Any> = {
  'a router without layers': (express) => express.Router(),
  'paths of all kinds': (express, note) => {
    const router = express.Router()
    router.use('/a', note('use /a'))
    router.use(note('use'))
    router.get('/', note('get /'))
    router.get('/path', note('get /path'))
    router.get('{*all}', note('all'))
    router.all('', note('empty'))
    router.use(/.*/, note('expression'))
    return router
  },
  'routers in routers': (express, note) => {
    const inner = express.Router({ mergeParams: true })
    inner.get('/', note('inner root'))
    inner.use('/x', note('inner x'))
    const router = express.Router()
    router.use('/a', inner)
    router.use('/:p', inner)
    router.use(inner)
    return router
  },
  'an application': (express, note) => {
    const app = express()
    app.use(note('app'))
    app.get('/path', note('path'))
    return app.handle.bind(app)
  },
}

describe.each(Object.keys(builds))('%s', (name) => {
  const build = builds[name] as (express: Any, note: Any) => Any

  const urls: unknown[] = [
    ...['', '?x', '*', 'foo/bar', '#', '/a b', '//a', '/a?b#c', '/a#b?c'],
    ...['http://host/path?x', 'http://host', 'http://host?x', 'HTTP://HOST/path', 'http://u:p@host:80/a/x'],
    ...['http://', 'http:', 'http:/', 'http:///a', 'http://[::1', 'http://a b/c', 'x://y', 'a:b', 'mailto:x'],
    ...[undefined, null, 42, true, {}, [], ['/a'], () => {}],
  ]
  test.each(urls.map((url) => [url]))('is called with the URL %j', (url) =>
    alike(build, () => ({ method: 'GET', url })),
  )

  const methods: unknown[] = [
    undefined,
    null,
    '',
    'get',
    'HEAD',
    'OPTIONS',
    'options',
    'constructor',
    '__proto__',
    7,
    {},
  ]
  test.each(methods.map((method) => [method]))('is called with the method %j', (method) =>
    alike(build, () => ({ method, url: '/path' })),
  )

  test.each(['OPTIONS', 'GET'])('is called with the method %s, which a handler changes', (method) =>
    alike(
      (express, note) => {
        const router = express.Router()
        router.get('/path', note('get'))
        router.use((req: Any, _res: Any, next: Any) => {
          req.method = method === 'GET' ? 'OPTIONS' : 'GET'
          next()
        })
        router.put('/path', note('put'))
        router.use(build(express, note))
        return router
      },
      () => ({ method, url: '/path' }),
    ),
  )

  test('is called without method and URL', () => alike(build, () => ({})))
})
