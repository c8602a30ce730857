import { expect } from 'vitest'
import { type Any, load, type Middleware, type Setup } from '../scenario.ts'

/** A stream that notes the lines written to it. */
const lines = ({ note }: Setup) => ({ write: (line: string) => note(line.trimEnd()) })

const morgan: Middleware = {
  name: 'morgan',
  note: '`:remote-addr` is the address of the client as the gateway saw it, with and without `trust proxy`.',
  scenarios: [
    {
      title: 'combined and tiny formats of GET, POST, HEAD, 304, redirects and errors',
      normal: (text) => text.replace(/\[\d\d\/\w+\/[^\]]+\]/g, '[<date>]').replace(/\d+\.\d{3} ms/g, '<time> ms'),
      build: (express, setup) => {
        const app = express()
        app.set('trust proxy', 1)
        app.use(load('morgan')('combined', { stream: lines(setup) }))
        app.use(load('morgan')('tiny', { stream: lines(setup) }))
        app.get('/', (_req, res) => void res.send('hello'))
        app.get('/away', (_req, res) => void res.redirect('/'))
        app.post('/', (_req, res) => void res.status(201).json({ made: true }))
        return app
      },
      async talk(client) {
        const { headers } = await client.get('/', { 'user-agent': 'curl/8.0', referer: 'https://shop.example/' })
        await client.noted(2)
        await client.get('/?a=1', { 'if-none-match': headers.etag as string, authorization: 'Basic dG9iaTpmZXJyZXQ=' })
        await client.noted(4)
        await client.get('/away')
        await client.noted(6)
        await client.post('/', { json: { a: 1 } })
        await client.noted(8)
        await client.send('HEAD', '/')
        await client.noted(10)
        await client.get('/none')
        const notes = (await client.noted(12)) as string[]
        expect(notes.some((line) => /^192\.0\.2\.1 - tobi \[.*\] "GET \/\?a=1 HTTP\/1\.1" 304 - /.test(line))).toBe(
          true,
        )
        expect(notes.some((line) => /^GET \/none 404 \d+ - [\d.]+ ms$/.test(line))).toBe(true)
      },
    },
    {
      title: 'tokens of the application, skip, immediate, and headers of both messages',
      build: (express, setup) => {
        const morgan = load('morgan')
        const logger = morgan.morgan ?? morgan
        logger.token('id', (req: Any) => req.id)
        const stream = lines(setup)
        const app = express()
        app.use((req: Any, _res, next) => {
          req.id = `request-${req.get('x-number')}`
          next()
        })
        app.use(morgan(':id :method :url :req[x-number]', { stream, immediate: true }))
        app.use(
          morgan(':id :status :res[content-length] :res[x-kind] :http-version', {
            stream,
            skip: (_req: Any, res: Any) => res.statusCode < 400,
          }),
        )
        app.get('/', (_req, res) => void res.set('X-Kind', 'plain').send('hello'))
        app.get('/fail', (_req, res) => void res.set('X-Kind', 'fault').status(500).send('oh'))
        return app
      },
      async talk(client) {
        await client.get('/', { 'x-number': '1' })
        await client.get('/fail', { 'x-number': '2' })
        expect(await client.noted(3)).toEqual([
          'request-1 GET / 1',
          'request-2 GET /fail 2',
          'request-2 500 2 fault 1.1',
        ])
      },
    },
    {
      title: 'a format function, and a response streamed in pieces',
      build: (express, setup) => {
        const app = express()
        app.use(
          load('morgan')(
            (tokens: Any, req: Any, res: Any) => {
              const time = Number(tokens['response-time'](req, res))
              const total = Number(tokens['total-time'](req, res))
              return JSON.stringify({ status: tokens.status(req, res), timed: time >= 0 && total >= time })
            },
            { stream: lines(setup) },
          ),
        )
        app.get('/', (_req, res) => {
          res.write('one ')
          setTimeout(() => res.end('two'), 5)
        })
        return app
      },
      async talk(client) {
        expect((await client.get('/')).text).toBe('one two')
        expect(await client.noted(1)).toEqual(['{"status":"200","timed":true}'])
      },
    },
    {
      title: 'a response that is destroyed has no status',
      build: (express, setup) => {
        const app = express()
        app.use(load('morgan')(':method :url :status :res[x-a]', { stream: lines(setup) }))
        app.get('/', (_req, res) => void res.set('X-A', '1').destroy())
        app.get('/begun', (_req, res) => {
          res.set('X-A', '1').write('begun')
          setTimeout(() => res.destroy(), 5)
        })
        return app
      },
      async talk(client) {
        await client.lost('/')
        await client.noted(1)
        await client.lost('/begun')
        expect(await client.noted(2)).toEqual(['GET / - -', 'GET /begun 200 1'])
      },
    },
  ],
}

/** What of a log record does not depend on the machine and the clock. */
function record(line: string): unknown {
  const { level, msg, req, res, err, ...rest } = JSON.parse(line)
  for (const name of ['time', 'pid', 'hostname']) delete rest[name]
  if (typeof rest.responseTime === 'number') rest.responseTime = rest.responseTime >= 0
  const { host, 'user-agent': agent } = req?.headers ?? {}
  const request = req && { ...req, headers: { host, agent }, remoteAddress: typeof req.remoteAddress, remotePort: '-' }
  const response = res && { status: res.statusCode, type: res.headers?.['content-type'] }
  return { level, msg, request, response, error: err && { type: err.type, message: err.message }, ...rest }
}

const records = ({ note }: Setup) => ({ write: (line: string) => note(record(line)) })

const pinoHttp: Middleware = {
  name: 'pino-http',
  packages: ['pino-http', 'pino'],
  note: '`req.remotePort` is undefined: gateways do not report the port of the client, except for a header of an ALB.',
  scenarios: [
    {
      title: 'logs completed and failed requests with the default serializers',
      build: (express, setup) => {
        const app = express()
        app.use(load('pino-http')({ genReqId: (req: Any) => req.get('x-id') }, records(setup)))
        app.get('/items/:id', (req: Any, res) => {
          req.log.info('something else')
          res.send('hello')
        })
        app.get('/fail', () => {
          throw new Error('oh no')
        })
        app.get('/none', (_req, res) => void res.status(404).json({}))
        return app
      },
      async talk(client) {
        await client.get('/items/7?a=1', { 'x-id': 'a' })
        await client.noted(2)
        await client.get('/fail', { 'x-id': 'b' })
        await client.noted(3)
        await client.get('/none', { 'x-id': 'c' })
        const notes = (await client.noted(4)) as Any[]
        expect(notes.map(({ level, msg }) => [level, msg])).toEqual([
          [30, 'something else'],
          [30, 'request completed'],
          [30, 'request errored'],
          [30, 'request completed'],
        ])
        expect(notes[1]).toMatchObject({ request: { id: 'a', method: 'GET', url: '/items/7?a=1' }, responseTime: true })
      },
    },
    {
      title: 'levels by outcome, messages, properties, ignored paths and received requests',
      build: (express, setup) => {
        const app = express()
        app.use(
          load('pino-http')(
            {
              genReqId: (_req: Any, res: Any) => {
                res.setHeader('X-Request-Id', 'fixed')
                return 'fixed'
              },
              autoLogging: { ignore: (req: Any) => req.url === '/health' },
              customLogLevel: (_req: Any, res: Any, error: unknown) =>
                res.statusCode >= 500 || error ? 'error' : res.statusCode >= 400 ? 'warn' : 'info',
              customReceivedMessage: (req: Any) => `received: ${req.method}`,
              customSuccessMessage: (_req: Any, res: Any) => (res.statusCode === 404 ? 'not found' : 'done'),
              customErrorMessage: (_req: Any, _res: Any, error: Error) => `errored: ${error.message}`,
              customProps: (_req: Any, res: Any) => ({ locals: res.locals.user }),
              quietReqLogger: true,
            },
            records(setup),
          ),
        )
        app.get('/health', (_req, res) => void res.send('ok'))
        app.get('/', (_req, res) => {
          res.locals.user = 'ann'
          res.send('hello')
        })
        app.get('/fail', (_req, res: Any) => {
          res.err = new Error('own')
          res.status(500).end()
        })
        return app
      },
      async talk(client) {
        expect((await client.get('/health')).headers['x-request-id']).toBe('fixed')
        await client.get('/')
        await client.noted(2)
        await client.get('/missing')
        await client.noted(4)
        await client.get('/fail')
        const notes = (await client.noted(6)) as Any[]
        expect(notes.map(({ level, msg }) => [level, msg])).toEqual([
          [30, 'received: GET'],
          [30, 'done'],
          [30, 'received: GET'],
          [40, 'not found'],
          [30, 'received: GET'],
          [50, 'errored: own'],
        ])
      },
    },
    {
      title: 'a response that is destroyed is a request aborted',
      build: (express, setup) => {
        const app = express()
        app.use(load('pino-http')({ genReqId: () => 'a' }, records(setup)))
        app.get('/', (_req, res) => void res.destroy())
        app.get('/fault', (_req, res) => void res.destroy(new Error('no more')))
        return app
      },
      async talk(client) {
        await client.lost('/')
        await client.noted(1)
        await client.lost('/fault')
        const notes = (await client.noted(2)) as Any[]
        expect(notes.map(({ msg }) => msg)).toEqual(['request aborted', 'request aborted'])
      },
    },
  ],
}

export const logging: readonly Middleware[] = [morgan, pinoHttp]
