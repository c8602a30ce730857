import request from '@expressway/testing'
import { expect, test } from 'vitest'
import { expectLog } from '../../../test/expect-log.ts'
import { createApp, createRouter, type Router } from '../src/index.ts'

const DEPTH = 10
const CHAINS = 1000

/** `/c7d0/c7d1/…/c7d9`: where the innermost router of a chain is mounted. */
const pathOf = (chain: number): string => Array.from({ length: DEPTH }, (_, depth) => `/c${chain}d${depth}`).join('')

/** Ten thousand routers, ten deep, each with middleware that writes itself down. */
function nested(): { app: ReturnType<typeof createApp>; ran: string[] } {
  const ran: string[] = []
  const app = createApp()
  for (let chain = 0; chain < CHAINS; chain++) {
    let outer: Router = app
    for (let depth = 0; depth < DEPTH; depth++) {
      const router = createRouter()
      router.use((_req, _res, next) => {
        ran.push(`c${chain}d${depth}`)
        return next()
      })
      outer.use(`/c${chain}d${depth}`, router)
      outer = router
    }
    outer.get('/end', () => 'end')
  }
  return { app, ran }
}

test('of ten thousand routers only those on the way to a route run', async () => {
  const { app, ran } = nested()
  await request(app)
    .get(`${pathOf(999)}/end`)
    .expect(200, 'end')
  expect(ran).toEqual(Array.from({ length: DEPTH }, (_, depth) => `c999d${depth}`))
})

test('the same holds for a path without a route, and for a method that a route does not have', async () => {
  const { app, ran } = nested()
  await request(app)
    .get(`${pathOf(500)}/nowhere`)
    .expect(404)
  await request(app).get('/nowhere').expect(404)
  await request(app)
    .post(`${pathOf(500)}/end`)
    .expect(405)
  expect(ran).toHaveLength(2 * DEPTH)
})

test('middleware for ten thousand paths in a router without a path does not run for another', async () => {
  const router = createRouter()
  let ran = 0
  for (let path = 0; path < DEPTH * CHAINS; path++)
    router.use(`/p${path}`, (_req, _res, next) => {
      ran++
      return next()
    })
  const app = createApp()
  app.use(router)
  await request(app).get('/nowhere').expect(404)
  await request(app).get('/p7/nowhere').expect(404)
  expect(ran).toBe(1)
})

test('a value is checked again when it changes, and a name when it is new', async () => {
  const app = createApp()
  app.post('/', (req, res) => {
    const [name, value] = req.json<[string, string]>()
    res.set(name, value)
    return 'set'
  })
  const set = (...field: [name: string, value: string]) => request(app).post('/').send(field)
  for (let time = 0; time < 2; time++) {
    await set('x-a', 'good').expect('x-a', 'good').expect(200)
    expectLog(/TypeError: The value of header x-a/)
    await set('x-a', 'bad\r\nx-b: 1').expect(500)
    expectLog(/TypeError: A header cannot be named "x a"/)
    await set('x a', 'good').expect(500)
  }
})
