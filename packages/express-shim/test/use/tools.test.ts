import realExpress from 'express'
import { afterEach, describe, expect, it, vi } from 'vitest'
import shimExpress from '../../src/index.ts'
import { type Any, type Express, load } from '../matrix/scenario.ts'

function application(express: Express): Any {
  const router = express.Router()
  router.get('/list', (_req, res) => void res.end())
  router
    .route('/:id')
    .put(() => {})
    .delete(() => {})
  const app = express()
  app.use(function guard(_req, _res, next) {
    next()
  })
  app.get(['/a', '/b'], () => {})
  app.all('/every', () => {})
  app.use('/users', router)
  return app
}

/** The same of both, so that a difference shows as one. */
const both = <T>(read: (express: Express) => T): [shim: T, express: T] => [
  read(shimExpress as unknown as Express),
  read(realExpress),
]

describe('tools that read the stack', () => {
  it('find the same own members of each layer as in Express', () => {
    const keys = (layer: Any): unknown => [
      Object.keys(layer).sort(),
      layer.matchers.length,
      layer.slash,
      layer.route?.stack.map(keys),
      layer.handle.stack?.map(keys),
    ]
    const [shim, express] = both((express) => application(express).router.stack.map(keys))
    expect(shim).toEqual(express)
  })

  it('express-list-routes prints the same', () => {
    const [shim, express] = both((express) => {
      const lines: unknown[] = []
      load('express-list-routes')(application(express), { logger: (...line: unknown[]) => void lines.push(line) })
      return lines
    })
    expect(shim).toEqual(express)
    expect(express.length).toBeGreaterThan(3)
  })

  it('express-list-endpoints lists the same', async () => {
    const { default: list } = (await import('express-list-endpoints')) as Any
    const [shim, express] = both((express) => (list.default ?? list)(application(express)))
    expect(shim).toEqual(express)
  })

  it('req.next has the name that it has in Express', async () => {
    const [shim, express] = both((express) => {
      let name: unknown
      const app = express()
      app.use((req: Any, _res, next) => {
        name = [req.next.name, next.name]
        next()
      })
      ;(app as Any).handle({ method: 'GET', url: '/', headers: {} }, { setHeader() {} }, () => {})
      return name
    })
    expect(shim).toEqual(express)
  })
})

describe('the setting env', () => {
  afterEach(() => vi.unstubAllEnvs())
  const envOf = (): unknown => (shimExpress() as Any).get('env')

  it('is production on Lambda, which sets no NODE_ENV: errors are answered without their stack', async () => {
    vi.stubEnv('NODE_ENV', undefined)
    expect(envOf()).toBe('development')
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'shop')
    const app = shimExpress() as Any
    expect([app.get('env'), app.enabled('view cache')]).toEqual(['production', true])
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    app.get('/', () => {
      throw new Error('secret')
    })
    const { body } = await app.handler({ httpMethod: 'GET', path: '/', requestContext: {} })
    expect(body).toContain('<pre>Internal Server Error</pre>')
    expect(log).toHaveBeenCalledOnce()
    log.mockRestore()
  })

  it('is what NODE_ENV says, there too', () => {
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'shop')
    vi.stubEnv('NODE_ENV', 'development')
    expect(envOf()).toBe('development')
  })
})
