import { expect } from 'vitest'
import { type Any, load, type Middleware } from '../scenario.ts'

const expressValidator: Middleware = {
  name: 'express-validator',
  scenarios: [
    {
      title: 'validates and sanitizes body, query, params, headers and cookies',
      build: (express) => {
        const { body, query, param, header, cookie, checkSchema, validationResult, matchedData, oneOf } =
          load('express-validator')
        const app = express()
        app.use(express.json(), load('cookie-parser')())
        const answer = (req: Any, res: Any) => {
          const result = validationResult(req)
          if (!result.isEmpty()) return res.status(400).json({ errors: result.array() })
          return res.json({ data: matchedData(req), query: req.query, person: req.query.person })
        }
        app.get('/hello', query('person').notEmpty().escape(), answer)
        app.get(
          '/user/:id',
          param('id').isInt().toInt(),
          header('x-lang').optional().isIn(['en', 'de']),
          cookie('seen').default('no'),
          answer,
        )
        app.post(
          '/user',
          body('email').isEmail().normalizeEmail(),
          body('password').isLength({ min: 5 }).withMessage('too short'),
          body('tags.*').trim().toUpperCase(),
          body('name').custom(async (value: string) => {
            await null
            if (value === 'taken') throw new Error('name already in use')
          }),
          answer,
        )
        app.post('/either', oneOf([body('a').exists(), body('b').exists()]), answer)
        app.put('/schema', checkSchema({ page: { in: ['query'], isInt: true, toInt: true } }), answer)
        return app
      },
      async talk(client) {
        expect((await client.get('/hello?person=%3Cb%3Eann%3C/b%3E')).json().data).toEqual({
          person: '&lt;b&gt;ann&lt;&#x2F;b&gt;',
        })
        expect((await client.get('/hello')).json().errors[0]).toMatchObject({
          type: 'field',
          path: 'person',
          location: 'query',
        })
        expect((await client.get('/user/7', { 'x-lang': 'de' })).json().data).toEqual({
          id: 7,
          'x-lang': 'de',
          seen: 'no',
        })
        expect((await client.get('/user/x', { 'x-lang': 'fr' })).json().errors).toHaveLength(2)
        const user = { email: 'Ann@EXAMPLE.com', password: '12345', tags: [' a', 'b '], name: 'ann' }
        expect((await client.post('/user', { json: user })).json().data).toMatchObject({
          email: 'ann@example.com',
          tags: ['A', 'B'],
        })
        const bad = (await client.post('/user', { json: { ...user, password: '1', name: 'taken' } })).json().errors
        expect(bad.map(({ msg }: Any) => msg)).toEqual(['too short', 'name already in use'])
        expect((await client.post('/either', { json: {} })).status).toBe(400)
        expect((await client.post('/either', { json: { b: 1 } })).json().data).toEqual({ b: 1 })
        expect((await client.send('PUT', '/schema?page=2')).json().data).toEqual({ page: 2 })
      },
    },
  ],
}

const applied = 'It applies `X-HTTP-Method-Override` itself: the application sees that method, never the POST.'
const restOverrides = { 'rest-api': applied, 'rest-api-stream': applied }

const methodOverride: Middleware = {
  name: 'method-override',
  scenarios: [
    {
      title: 'overrides POST by query or a function of the body',
      build: (express) => {
        const methodOverride = load('method-override')
        const app = express()
        app.use(express.urlencoded())
        app.use(methodOverride('_method', { methods: ['POST', 'GET'] }))
        app.use(
          methodOverride((req: Any) => {
            const method = req.body?._method
            if (method) delete req.body._method
            return method
          }),
        )
        app.all('/', (req: Any, res) => {
          res.json({ method: req.method, originalMethod: req.originalMethod, body: req.body })
        })
        return app
      },
      async talk(client) {
        expect((await client.post('/?_method=PUT')).json().method).toBe('PUT')
        expect((await client.get('/?_method=PATCH')).json().method).toBe('PATCH')
        expect((await client.post('/', { form: { _method: 'PATCH', a: '1' } })).json()).toMatchObject({
          method: 'PATCH',
          body: { a: '1' },
        })
        expect((await client.post('/?_method=NONSENSE')).json().method).toBe('POST')
      },
    },
    {
      title: 'overrides POST by X-HTTP-Method-Override, and says so in Vary',
      cannot: restOverrides,
      build: (express) => {
        const app = express()
        app.use(load('method-override')('X-HTTP-Method-Override'))
        app.all('/', (req: Any, res) => void res.json({ method: req.method, originalMethod: req.originalMethod }))
        return app
      },
      async talk(client) {
        const override = (method: string) => client.post('/', { headers: { 'x-http-method-override': method } })
        const { headers, text } = await override('delete')
        expect(headers.vary).toBe('X-HTTP-Method-Override')
        expect(JSON.parse(text)).toEqual({ method: 'DELETE', originalMethod: 'POST' })
        expect((await override('nonsense')).json().method).toBe('POST')
      },
    },
  ],
}

export const requests: readonly Middleware[] = [expressValidator, methodOverride]
