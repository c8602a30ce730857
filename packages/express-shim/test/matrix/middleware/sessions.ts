import { expect } from 'vitest'
import { type Any, load, type Middleware } from '../scenario.ts'

const dates = (text: string): string => text.replace(/\w{3}, \d\d[ -]\w{3}[ -]\d{4} \d\d:\d\d:\d\d GMT/g, '<date>')

const cookieParser: Middleware = {
  name: 'cookie-parser',
  scenarios: [
    {
      title: 'plain, JSON, signed and tampered cookies, and secrets that rotate',
      build: (express) => {
        const app = express()
        app.use(load('cookie-parser')(['new secret', 'old secret']))
        app.get('/set', (_req, res) => {
          res.cookie('plain', 'a b;c').cookie('cart', { items: [1, 2] })
          res.cookie('user', 'tobi', { signed: true, httpOnly: true }).send('set')
        })
        app.get('/', (req: Any, res) => {
          res.json({ cookies: req.cookies, signed: req.signedCookies, secret: req.secret })
        })
        return app
      },
      async talk(client) {
        const { sign } = load('cookie-signature')
        expect((await client.get('/')).json()).toMatchObject({ cookies: {}, signed: {} })
        await client.get('/set')
        expect((await client.get('/')).json()).toEqual({
          cookies: { plain: 'a b;c', cart: { items: [1, 2] } },
          signed: { user: 'tobi' },
          secret: 'new secret',
        })
        const old = encodeURIComponent(`s:${sign('ann', 'old secret')}`)
        const forged = encodeURIComponent(`s:${sign('root', 'no secret')}`)
        const cookie = `user=${old}; admin=${forged}; broken=j:{; twice=1; twice=2; __proto__=x`
        expect((await client.get('/', { cookie })).json()).toMatchObject({
          cookies: { broken: 'j:{', twice: '1' },
          signed: { user: 'ann', admin: false },
        })
      },
    },
  ],
}

const expressSession: Middleware = {
  name: 'express-session',
  note: 'A MemoryStore belongs to one execution environment: use a store that all of them share.',
  scenarios: [
    {
      title: 'counts views in a session, saves it only if asked to, and touches it',
      normal: dates,
      build: (express, { note }) => {
        const session = load('express-session')
        const store = new session.MemoryStore()
        let made = 0
        const app = express()
        app.use(
          session({
            secret: 'keyboard cat',
            resave: false,
            saveUninitialized: false,
            store,
            genid: () => `s${++made}`,
          }),
        )
        app.get('/nothing', (_req, res) => void res.send('no session'))
        app.get('/views/:page', (req: Any, res) => {
          req.session.views ??= {}
          req.session.views[req.params.page] = (req.session.views[req.params.page] ?? 0) + 1
          res.json({ id: req.sessionID, views: req.session.views })
        })
        app.get('/stored', (_req, res) => {
          store.all((_error: unknown, all: Any) => {
            note(all)
            res.json(all)
          })
        })
        return app
      },
      async talk(client) {
        expect((await client.get('/nothing')).headers['set-cookie']).toBeUndefined()
        const first = await client.get('/views/a')
        expect(first.headers['set-cookie']?.[0]).toMatch(/^connect\.sid=s%3As2\..*; Path=\/; HttpOnly$/)
        await client.get('/views/a')
        const again = await client.get('/views/b')
        expect(again.json()).toEqual({ id: 's2', views: { a: 2, b: 1 } })
        expect(again.headers['set-cookie']).toBeUndefined()
        expect((await client.get('/stored')).json().s2.views).toEqual({ a: 2, b: 1 })
      },
    },
    {
      title: 'logs in with regenerate, out with destroy, and saves before a redirect',
      normal: dates,
      build: (express) => {
        const session = load('express-session')
        let made = 0
        const app = express()
        app.use(express.urlencoded())
        app.use(session({ secret: ['new', 'old'], resave: false, saveUninitialized: true, genid: () => `s${++made}` }))
        const isAuthenticated = (req: Any, _res: Any, next: Any) => (req.session.user ? next() : next('route'))
        app.get('/', isAuthenticated, (req: Any, res) => void res.send(`hello, ${req.session.user}!`))
        app.get('/', (_req, res) => void res.send('<form action="/login" method="post">'))
        app.post('/login', (req: Any, res, next) => {
          req.session.regenerate((error: unknown) => {
            if (error) return next(error)
            req.session.user = req.body.user
            req.session.save((failed: unknown) => (failed ? next(failed) : res.redirect('/')))
          })
        })
        app.get('/logout', (req: Any, res, next) => {
          req.session.user = null
          req.session.destroy((error: unknown) => (error ? next(error) : res.redirect('/')))
        })
        return app
      },
      async talk(client) {
        expect((await client.get('/')).text).toContain('<form')
        const before = client.cookies.get('connect.sid')
        const login = await client.post('/login', { form: { user: 'tobi' } })
        expect([login.status, login.headers.location]).toEqual([302, '/'])
        expect(client.cookies.get('connect.sid')).not.toBe(before)
        expect((await client.get('/')).text).toBe('hello, tobi!')
        await client.get('/logout')
        expect((await client.get('/')).text).toContain('<form')
        client.cookies.set('connect.sid', 's%3As2.forged')
        expect((await client.get('/')).text).toContain('<form')
      },
    },
    {
      title: 'secure cookies behind a proxy, max age, rolling, and unset',
      normal: dates,
      build: (express) => {
        const session = load('express-session')
        let made = 0
        const app = express()
        app.set('trust proxy', 1)
        app.use(
          session({
            name: 'sid',
            secret: 'keyboard cat',
            resave: true,
            rolling: true,
            saveUninitialized: false,
            unset: 'destroy',
            genid: () => `s${++made}`,
            cookie: { secure: 'auto', maxAge: 60_000, sameSite: 'lax', partitioned: true, priority: 'high' },
          }),
        )
        app.get('/', (req: Any, res) => {
          req.session.views = (req.session.views ?? 0) + 1
          res.write('views: ')
          res.end(`${req.session.views}, more than 59 s: ${req.session.cookie.maxAge > 59_000}`)
        })
        app.get('/leave', (req: Any, res) => {
          req.session = null
          res.end('bye')
        })
        return app
      },
      async talk(client) {
        const { headers } = await client.get('/')
        expect(headers['set-cookie']?.[0]).toMatch(/; Secure; Partitioned; Priority=High; SameSite=Lax$/)
        const second = await client.get('/')
        expect(second.text).toBe('views: 2, more than 59 s: true')
        expect(second.headers['set-cookie']).toHaveLength(1)
        await client.get('/leave')
        expect((await client.get('/')).text).toContain('views: 1')
      },
    },
    {
      title: 'waits for a slow store before the end of the response, and reports one that fails',
      build: (express, { note }) => {
        const session = load('express-session')
        class SlowStore extends session.Store {
          rows = new Map<string, string>()
          get(id: string, done: Any) {
            if (id === 'broken') setTimeout(done, 5, new Error('store is down'))
            else setTimeout(() => done(null, this.rows.has(id) ? JSON.parse(this.rows.get(id)!) : null), 5)
          }
          set(id: string, value: object, done: Any) {
            setTimeout(() => {
              this.rows.set(id, JSON.stringify(value))
              note(`saved ${id}`)
              done()
            }, 10)
          }
          touch(id: string, _value: object, done: Any) {
            note(`touched ${id}`)
            setTimeout(done, 5)
          }
          destroy(id: string, done: Any) {
            this.rows.delete(id)
            done()
          }
        }
        let made = 0
        const app = express()
        const genid = () => `s${++made}`
        app.use(session({ secret: 'x', resave: false, saveUninitialized: false, store: new SlowStore(), genid }))
        app.get('/count', (req: Any, res) => {
          req.session.count = (req.session.count ?? 0) + 1
          res.json({ count: req.session.count })
        })
        app.get('/look', (req: Any, res) => void res.json({ count: req.session.count }))
        return app
      },
      async talk(client) {
        const { sign } = load('cookie-signature')
        await client.get('/count')
        expect((await client.get('/count')).json()).toEqual({ count: 2 })
        expect((await client.get('/look')).json()).toEqual({ count: 2 })
        expect(await client.noted(3)).toEqual(['saved s1', 'saved s1', 'touched s1'])
        client.cookies.set('connect.sid', encodeURIComponent(`s:${sign('broken', 'x')}`))
        const broken = await client.get('/look')
        expect([broken.status, broken.text.includes('store is down')]).toEqual([500, true])
      },
    },
  ],
}

const cookieSession: Middleware = {
  name: 'cookie-session',
  scenarios: [
    {
      title: 'keeps the session in signed cookies, changes its age, and destroys it',
      normal: dates,
      build: (express) => {
        const app = express()
        app.set('trust proxy', 1)
        app.use(load('cookie-session')({ name: 'session', keys: ['key1', 'key2'], maxAge: 86_400_000, secure: true }))
        app.use((req: Any, _res, next) => {
          if (req.query.age) req.sessionOptions.maxAge = Number(req.query.age)
          next()
        })
        app.get('/', (req: Any, res) => {
          const { isNew, isPopulated } = req.session
          req.session.views = (req.session.views || 0) + 1
          res.json({ views: req.session.views, isNew, isPopulated, isChanged: req.session.isChanged })
        })
        app.get('/look', (req: Any, res) => void res.json(req.session))
        app.get('/out', (req: Any, res) => {
          req.session = null
          res.end()
        })
        return app
      },
      async talk(client) {
        const first = await client.get('/')
        expect(first.json()).toEqual({ views: 1, isNew: true, isPopulated: false, isChanged: true })
        expect(first.headers['set-cookie']).toHaveLength(2)
        expect((await client.get('/?age=5000')).json()).toMatchObject({ views: 2, isNew: false })
        expect((await client.get('/look')).headers['set-cookie']).toBeUndefined()
        client.cookies.set('session.sig', 'forged')
        expect((await client.get('/look')).json()).toEqual({})
        await client.get('/out')
        expect(client.cookies.has('session')).toBe(false)
      },
    },
  ],
}

const csrf: Middleware = {
  name: 'csrf-csrf',
  scenarios: [
    {
      title: 'refuses a change without its token, takes it with one, and keeps the token while the cookie lasts',
      normal: (text) =>
        text.replace(/[0-9a-f]{64}\.[0-9a-f]{64}/g, '<token>').replace(/"[a-z\d]+-[\w+/]{27}"/gi, '<etag>'),
      build: (express) => {
        const app = express()
        app.use(load('cookie-parser')())
        const { generateCsrfToken, doubleCsrfProtection } = load('csrf-csrf').doubleCsrf({
          getSecret: () => 'a secret',
          getSessionIdentifier: (req: Any) => req.get('x-session') ?? 'none',
        })
        app.get('/token', (req, res) => void res.json({ token: generateCsrfToken(req, res) }))
        app.use(doubleCsrfProtection)
        app.get('/form', (req: Any, res) => void res.send(`<input value="${req.csrfToken()}">`))
        app.post('/change', (_req, res) => void res.json({ changed: true }))
        return app
      },
      async talk(client) {
        const session = { 'x-session': 'ann' }
        expect((await client.post('/change', { headers: session })).status).toBe(403)
        const { token } = (await client.get('/token', session)).json()
        expect(client.cookies.get('__Host-psifi.x-csrf-token')).toBe(token)
        const change = (headers: Record<string, string>) => client.post('/change', { headers })
        expect((await change(session)).status).toBe(403)
        expect((await change({ ...session, 'x-csrf-token': token })).json()).toEqual({ changed: true })
        expect((await change({ 'x-session': 'eve', 'x-csrf-token': token })).status).toBe(403)
        expect((await client.get('/form', session)).text).toContain(token)
      },
    },
  ],
}

export const sessions: readonly Middleware[] = [cookieParser, expressSession, cookieSession, csrf]
