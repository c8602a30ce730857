import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Answer } from '../client.ts'
import { type Any, type Express, load, type Middleware, type Setup } from '../scenario.ts'

const file = fileURLToPath(new URL('../../../package.json', import.meta.url))
const long = 'a sentence that repeats itself. '.repeat(100)
const dates = (text: string): string =>
  text
    .replace(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, '<date>')
    .replace(/\d+\.\d{3}(ms| ms)?/g, '<time>')
    .replace(/^(1[78]\d{8}|60|59|58)$/, '<s>')

/** What stands before the routes of many an application in production, in its usual order. */
function production(express: Express, { note }: Setup): Any {
  const session = load('express-session')
  const passport = new (load('passport').Passport)()
  const { Strategy } = load('passport-local')
  passport.serializeUser((user: Any, done: Any) => done(null, user.id))
  passport.deserializeUser((id: string, done: Any) => setTimeout(done, 2, null, { id }))
  passport.use(new Strategy((username: string, _password: string, done: Any) => done(null, { id: username })))
  let made = 0
  const app: Any = express()
  app.set('trust proxy', 1)
  app.use(
    load('morgan')(':method :url :status :res[content-encoding]', {
      stream: { write: (line: string) => note(line.trim()) },
    }),
  )
  app.use(
    load('response-time')(),
    load('helmet')(),
    load('cors')({ origin: 'https://shop.example', credentials: true }),
  )
  app.use(load('compression')({ threshold: 500 }))
  app.use(load('express-rate-limit').rateLimit({ limit: 200 }))
  app.use(load('connect-timeout')('5s'), express.json(), express.urlencoded(), load('cookie-parser')())
  const genid = () => `s${++made}`
  app.use(
    session({
      secret: 'x',
      resave: false,
      saveUninitialized: false,
      rolling: true,
      genid,
      cookie: { secure: true, maxAge: 60_000 },
    }),
  )
  app.use(passport.session({ pauseStream: true }))
  app.post('/login', passport.authenticate('local'), (req: Any, res: Any) => res.json(req.user))
  app.get('/page', (req: Any, res: Any) => res.send(`${req.user?.id ?? 'nobody'} ${long}`))
  app.get('/wait/:ms', (req: Any, res: Any) => {
    req.session.waited = (req.session.waited ?? 0) + 1
    setTimeout(
      () => res.json({ user: req.user?.id, ms: req.params.ms, waited: req.session.waited }),
      Number(req.params.ms),
    )
  })
  app.get('/pieces', (_req: Any, res: Any) => {
    res.type('text').write('one ')
    setTimeout(() => res.write(long), 2)
    setTimeout(() => res.end('end'), 4)
  })
  app.get('/file', (_req: Any, res: Any) => res.sendFile(file))
  app.get('/fail', () => {
    throw Object.assign(new Error('broken'), { status: 503, stack: `Error: broken\n${long}` })
  })
  return app
}

export const together: Middleware = {
  name: 'thirteen of these in one application',
  packages: [],
  scenarios: [
    {
      title: 'logging, headers, CORS, compression, limits, parsers, sessions and login at once',
      normal: dates,
      build: production,
      async talk(client) {
        const headers = { origin: 'https://shop.example', 'accept-encoding': 'gzip' }
        const text = ({ bytes }: Answer): string => gunzipSync(bytes).toString()
        expect(text(await client.get('/page', headers))).toBe(`nobody ${long}`)
        expect((await client.post('/login', { headers, form: { username: 'ann', password: 'x' } })).json()).toEqual({
          id: 'ann',
        })
        const page = await client.get('/page', headers)
        expect(text(page)).toBe(`ann ${long}`)
        expect(page.headers).toMatchObject({
          'access-control-allow-origin': 'https://shop.example',
          'content-encoding': 'gzip',
          vary: 'Origin, Accept-Encoding',
          'x-frame-options': 'SAMEORIGIN',
          'x-ratelimit-remaining': '197',
        })
        expect(page.headers['set-cookie']).toHaveLength(1)
        expect((await client.get('/page', { ...headers, 'if-none-match': page.headers.etag as string })).status).toBe(
          304,
        )
        expect(text(await client.get('/pieces', headers))).toBe(`one ${long}end`)
        expect(text(await client.get('/file', headers))).toContain('"dependencies"')
        expect((await client.get('/file', { ...headers, range: 'bytes=0-5' })).status).toBe(206)
        expect((await client.get('/fail', headers)).status).toBe(503)
        expect((await client.get('/none', headers)).status).toBe(404)
        expect((await client.send('HEAD', '/page', { headers })).text).toBe('')
        expect((await client.send('OPTIONS', '/page', { headers })).status).toBe(204)
        expect((await client.post('/login', { headers, body: '' })).status).toBe(400)
        await client.noted(12)
      },
    },
    {
      title: 'many users at once in one process, each with an own session',
      normal: dates,
      // In the order in which they are answered, log lines would differ.
      build: (express, setup) => production(express, { ...setup, note: () => {} }),
      async talk(client) {
        const users = Array.from({ length: 12 }, (_, index) => `user${index}`)
        const cookies: string[] = []
        for (const username of users) {
          client.cookies.clear()
          await client.post('/login', { form: { username, password: 'x' } })
          cookies.push(`connect.sid=${client.cookies.get('connect.sid')}`)
        }
        client.cookies.clear()
        const ask = async (index: number): Promise<unknown> => {
          const answer = await client.unheard(`/wait/${(index * 7) % 20}`, { cookie: cookies[index]! })
          return answer.json()
        }
        const answers = await Promise.all(users.map((_, index) => ask(index)))
        expect(answers).toEqual(users.map((user, index) => ({ user, ms: String((index * 7) % 20), waited: 1 })))
      },
    },
  ],
}
