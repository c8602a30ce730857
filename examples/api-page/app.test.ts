import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { PathsOf } from '@expressway/core/contract'
import request, { fetchOf } from '@expressway/testing'
import createClient from 'openapi-fetch'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { app } from './app.ts'

// A few bytes instead of Swagger UI, which the command writes at build time.
const assets = new URL('./api/', import.meta.url)
beforeAll(() => {
  mkdirSync(assets)
  for (const file of ['swagger-ui.js', 'swagger-ui.css']) {
    writeFileSync(new URL(`${file}.br`, assets), brotliCompressSync('start()'))
    writeFileSync(new URL(`${file}.gz`, assets), gzipSync('start()'))
  }
})
afterAll(() => rmSync(assets, { recursive: true }))

it('has a page', async () => {
  const { text } = await request(app).get('/docs').expect('content-type', /html/).expect(200)
  const [script] = /swagger-ui-\w+\.js/.exec(text)!
  await request(app)
    .get(`/docs/${script}`)
    .set('accept-encoding', 'br')
    .expect('cache-control', /immutable/)
    .expect(200)
  const { body } = await request(app).get('/docs/openapi.json').expect(200)
  expect(Object.keys(body.paths)).toContain('/todos/{list}')
})

it('has a typed client', async () => {
  const client = createClient<PathsOf<typeof app>>({
    baseUrl: 'https://api.example.com/prod',
    fetch: fetchOf(app, { gateway: 'rest-api', gatewayOptions: { stage: 'prod' } }),
  })
  const { data } = await client.GET('/todos/{list}', { params: { path: { list: 'home' } } })
  expect(data?.[0]?.title).toBe('Buy milk')

  const { error } = await client.GET('/todos/{list}', { params: { path: { list: 'none' } } })
  expect(error?.reason).toBe('There is no such list')
})
