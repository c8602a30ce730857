import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import { type Any, type Express, load, type Middleware, type Setup } from '../scenario.ts'

const dates = (text: string): string => text.replace(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, '<date>')

/** An application with sessions, and a passport of its own. */
function withSessions(express: Express): { app: Any; passport: Any } {
  const passport = new (load('passport').Passport)()
  passport.serializeUser((user: Any, done: Any) => process.nextTick(done, null, user.id))
  passport.deserializeUser((id: string, done: Any) => process.nextTick(done, null, { id, name: id.toUpperCase() }))
  let made = 0
  const app: Any = express()
  app.use(express.json(), express.urlencoded())
  const genid = () => `s${++made}`
  app.use(load('express-session')({ secret: 'x', resave: false, saveUninitialized: false, genid }))
  app.use(passport.session())
  return { app, passport }
}

function localApp(express: Express): Any {
  const { app, passport } = withSessions(express)
  const { Strategy } = load('passport-local')
  passport.use(
    new Strategy((username: string, password: string, done: Any) => {
      if (username === 'broken') return done(new Error('database is down'))
      if (password !== 'secret') return done(null, false, { message: 'Incorrect username or password.' })
      return done(null, { id: username })
    }),
  )
  const failing = { failureRedirect: '/login', failureMessage: true }
  app.post('/login', passport.authenticate('local', { ...failing, successReturnToOrRedirect: '/me' }))
  app.post('/api', passport.authenticate('local', { session: false }), (req: Any, res: Any) => res.json(req.user))
  app.get('/login', (req: Any, res: Any) => res.json(req.session.messages ?? []))
  app.get('/me', (req: Any, res: Any) =>
    res.json({ in: req.isAuthenticated(), out: req.isUnauthenticated(), user: req.user }),
  )
  app.post('/logout', (req: Any, res: Any, next: Any) => {
    req.logout((error: unknown) => (error ? next(error) : res.redirect('/')))
  })
  app.post('/custom', (req: Any, res: Any, next: Any) => {
    passport.authenticate('local', (error: unknown, user: Any, info: Any) => {
      if (error) return next(error)
      if (!user) return res.status(401).json(info)
      return req.login(user, (failed: unknown) => (failed ? next(failed) : res.json({ welcome: user.id })))
    })(req, res, next)
  })
  return app
}

const local: Middleware = {
  name: 'passport (local)',
  packages: ['passport', 'passport-local'],
  scenarios: [
    {
      title: 'logs in by form, keeps the session under a new id, and logs out',
      normal: dates,
      build: localApp,
      async talk(client) {
        const wrong = await client.post('/login', { form: { username: 'ann', password: 'no' } })
        expect([wrong.status, wrong.headers.location]).toEqual([302, '/login'])
        expect((await client.get('/login')).json()).toEqual(['Incorrect username or password.'])
        const before = client.cookies.get('connect.sid')
        const right = await client.post('/login', { form: { username: 'ann', password: 'secret' } })
        expect([right.status, right.headers.location]).toEqual([302, '/me'])
        expect(client.cookies.get('connect.sid')).not.toBe(before)
        expect((await client.get('/me')).json()).toEqual({ in: true, out: false, user: { id: 'ann', name: 'ANN' } })
        await client.post('/logout')
        expect((await client.get('/me')).json()).toEqual({ in: false, out: true })
      },
    },
    {
      title: 'without a session: 401, 400 and errors; with a callback of the application',
      normal: dates,
      build: localApp,
      async talk(client) {
        const ask = async (path: string, json: object) => (await client.post(path, { json })).status
        expect(await ask('/api', { username: 'ann', password: 'no' })).toBe(401)
        expect(await ask('/api', { username: 'ann' })).toBe(400)
        expect(await ask('/api', { username: 'broken', password: 'x' })).toBe(500)
        expect(await ask('/api', { username: 'ann', password: 'secret' })).toBe(200)
        expect((await client.get('/me')).json()).toMatchObject({ in: false })
        expect(await ask('/custom', { username: 'ann', password: 'no' })).toBe(401)
        expect(await ask('/custom', { username: 'ann', password: 'secret' })).toBe(200)
        expect((await client.get('/me')).json()).toMatchObject({ in: true })
      },
    },
    {
      title: 'a body that waits, paused, for a user to be looked up',
      build: (express) => {
        const passport = new (load('passport').Passport)()
        passport.serializeUser((user: Any, done: Any) => done(null, user.id))
        passport.deserializeUser((id: string, done: Any) => setTimeout(done, 10, null, { id }))
        let made = 0
        const genid = () => `s${++made}`
        const app = express()
        app.use(load('express-session')({ secret: 'x', resave: false, saveUninitialized: false, genid }))
        app.use(passport.session({ pauseStream: true }))
        app.get('/in', (req: Any, res, next) =>
          req.login({ id: 'ann' }, (error: unknown) => (error ? next(error) : res.end())),
        )
        app.post('/stream', (req: Any, res) => {
          let length = 0
          req.on('data', (chunk: Buffer) => (length += chunk.length))
          req.on('end', () => res.json({ user: req.user?.id, length }))
        })
        return app
      },
      async talk(client) {
        await client.get('/in')
        const text = 'x'.repeat(200_000)
        expect((await client.post('/stream', { body: text })).json()).toEqual({ user: 'ann', length: 200_000 })
      },
    },
  ],
}

const jwt: Middleware = {
  name: 'passport (JWT)',
  packages: ['passport', 'passport-jwt', 'jsonwebtoken'],
  note: 'A REST API and a function URL send `WWW-Authenticate` as `x-amzn-Remapped-WWW-Authenticate`.',
  scenarios: [
    {
      title: 'takes a bearer token, and refuses none, forged and expired ones',
      build: (express) => {
        const passport = new (load('passport').Passport)()
        const { Strategy, ExtractJwt } = load('passport-jwt')
        const options = {
          jwtFromRequest: ExtractJwt.fromExtractors([
            ExtractJwt.fromAuthHeaderAsBearerToken(),
            ExtractJwt.fromUrlQueryParameter('token'),
          ]),
          secretOrKey: 'secret',
          issuer: 'accounts.example',
        }
        passport.use(
          new Strategy(options, (payload: Any, done: Any) =>
            payload.sub === 'nobody' ? done(null, false) : done(null, { id: payload.sub }),
          ),
        )
        const app = express()
        app.get(
          '/profile',
          passport.authenticate('jwt', { session: false }),
          (req: Any, res) => void res.json(req.user),
        )
        return app
      },
      async talk(client) {
        const { sign } = load('jsonwebtoken')
        const token = (subject: string, secret = 'secret', expiresIn = 60) =>
          sign({}, secret, { subject, issuer: 'accounts.example', expiresIn, noTimestamp: false })
        const status = async (value: string) =>
          (await client.get('/profile', { authorization: `Bearer ${value}` })).status
        expect((await client.get('/profile')).status).toBe(401)
        expect(await status(token('ann', 'forged'))).toBe(401)
        expect(await status(token('ann', 'secret', -10))).toBe(401)
        expect(await status(token('nobody'))).toBe(401)
        expect(await status('no.token')).toBe(401)
        const answer = await client.get('/profile', { authorization: `Bearer ${token('ann')}` })
        expect(answer.json()).toEqual({ id: 'ann' })
      },
    },
    {
      title: 'challenges in WWW-Authenticate',
      build: (express) => {
        const passport = new (load('passport').Passport)()
        const { Strategy } = load('passport')
        class Basic extends Strategy {
          name = 'basic'
          authenticate(req: Any) {
            if (req.headers.authorization === 'Basic dG9iaTpmZXJyZXQ=') this.success({ id: 'tobi' })
            else this.fail('Basic realm="Users"')
          }
        }
        passport.use(new Basic())
        const app = express()
        app.get('/', passport.authenticate('basic', { session: false }), (req: Any, res) => void res.json(req.user))
        return app
      },
      async talk(client) {
        const { status, headers } = await client.get('/')
        expect(status).toBe(401)
        expect(headers['www-authenticate'] ?? headers['x-amzn-remapped-www-authenticate']).toBe('Basic realm="Users"')
        expect((await client.get('/', { authorization: 'Basic dG9iaTpmZXJyZXQ=' })).json()).toEqual({ id: 'tobi' })
      },
    },
  ],
}

/** The provider's token endpoint on the loopback interface. */
async function provider({ after, note }: Setup): Promise<string> {
  const server = createServer((req, res) => {
    let body = ''
    req.on('data', (chunk) => (body += chunk))
    req.on('end', () => {
      const form = new URLSearchParams(body)
      note(
        req.method,
        form.get('grant_type'),
        form.get('code'),
        form.get('redirect_uri'),
        form.get('code_verifier')?.length,
      )
      const isGood = form.get('code') === 'good'
      res.writeHead(isGood ? 200 : 400, { 'content-type': 'application/json', connection: 'close' })
      res.end(JSON.stringify(isGood ? { access_token: 'token', token_type: 'bearer' } : { error: 'invalid_grant' }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => new Promise((resolve) => server.close(resolve)))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const oauth: Middleware = {
  name: 'passport (OAuth 2.0)',
  packages: ['passport', 'passport-oauth2'],
  note: 'A relative `callbackURL` is resolved against the address that the client used: set `trust proxy`.',
  scenarios: [
    {
      title: 'redirects to the provider with state and PKCE, and exchanges the code at the callback',
      normal: (text) =>
        dates(text)
          .replace(/127\.0\.0\.1(:|%3A)\d+/g, '<provider>')
          .replace(/(state|code_challenge)=[\w%-]+/g, '$1=<random>'),
      async build(express, setup) {
        const origin = await provider(setup)
        const { app, passport } = withSessions(express)
        app.set('trust proxy', 1)
        const options = {
          authorizationURL: `${origin}/authorize`,
          tokenURL: `${origin}/token`,
          clientID: 'client',
          clientSecret: 'secret',
          callbackURL: '/callback',
          scope: ['email', 'profile'],
          state: true,
          pkce: true,
        }
        const { Strategy } = load('passport-oauth2')
        passport.use(
          new Strategy(options, (accessToken: string, _refresh: string, _profile: Any, done: Any) =>
            done(null, { id: `user of ${accessToken}` }),
          ),
        )
        app.get('/login', passport.authenticate('oauth2'))
        app.get('/callback', passport.authenticate('oauth2', { failureRedirect: '/failed' }), (_req: Any, res: Any) =>
          res.redirect('/me'),
        )
        app.get('/me', (req: Any, res: Any) => res.json(req.user ?? null))
        return app
      },
      async talk(client) {
        const login = await client.get('/login')
        expect(login.status).toBe(302)
        const { pathname, searchParams } = new URL(login.headers.location as string)
        expect(pathname).toBe('/authorize')
        expect(Object.fromEntries(searchParams)).toMatchObject({
          response_type: 'code',
          redirect_uri: 'https://example.com/callback',
          scope: 'email profile',
          client_id: 'client',
          code_challenge_method: 'S256',
        })
        expect((await client.get('/callback?code=good&state=forged')).status).toBe(302)
        const retry = await client.get('/login')
        const state = new URL(retry.headers.location as string).searchParams.get('state')
        const done = await client.get(`/callback?code=good&state=${encodeURIComponent(state as string)}`)
        expect([done.status, done.headers.location]).toEqual([302, '/me'])
        expect((await client.get('/me')).json()).toEqual({ id: 'user of token', name: 'USER OF TOKEN' })
        expect((await client.get('/callback?error=access_denied')).headers.location).toBe('/failed')
        expect(client.notes).toEqual(['POST', 'authorization_code', 'good', 'https://example.com/callback', 43])
      },
    },
  ],
}

export const passport: readonly Middleware[] = [local, jwt, oauth]
