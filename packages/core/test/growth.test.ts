import { createApp, createRouter, type Router } from '@expressway/core'
import { expect, test } from 'vitest'
import request from '../../testing/src/index.ts'

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
