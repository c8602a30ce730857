// The page of an application of the shim, and of real Express on a server, answers as the page of core.

import { createRequire } from 'node:module'
import { createApp } from '@expressway/core'
import { apiPage as corePage } from '@expressway/core/api-page'
import request from '@expressway/testing'
import realExpress, { type RequestHandler } from 'express'
import helmet from 'helmet'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { temporaryFolder, writeAssets } from '../../../core/test/api-page/written.ts'
import { apiPage } from '../../src/api-page.ts'
import shim from '../../src/index.ts'

const compression = createRequire(import.meta.url)('compression') as (options: object) => RequestHandler

const { folder, remove } = temporaryFolder()
writeAssets(folder)
afterAll(remove)

const options = { document: { openapi: '3.1.1', info: { title: 'Todos', version: '1' }, paths: {} }, assets: folder }
const core = createApp().use('/docs', corePage(options))

const ofFiles = ['content-type', 'cache-control', 'etag', 'vary', 'content-encoding']
const ofPage = ['content-type', 'cache-control', 'content-security-policy', 'referrer-policy']
const applications: [string, typeof realExpress][] = [
  ['the shim', shim as unknown as typeof realExpress],
  ['Express', realExpress],
]

describe.each(applications)('%s', (_name, express) => {
  const app = express()
  // What applications have in front of their routes.
  app.use(helmet(), compression({ threshold: 0 }))
  app.use('/docs', apiPage(options))
  app.get('/docs/more', (_req, res) => void res.send('more'))

  test.each([
    ['/docs', ofPage],
    ['/docs/', ofPage],
    ['/docs?a=1', ofPage],
    ['/docs/openapi.json', ['content-type', 'cache-control']],
    ['/docs/swagger-ui-0123456789ab.js', ofFiles],
    ['/docs/swagger-ui-0123456789ab.css', ofFiles],
  ])('answers %s as core', async (path, fields) => {
    for (const accept of ['br', 'gzip']) {
      const get = (target: object) =>
        request(target as never)
          .get(path)
          .set('accept-encoding', accept)
      const expected = await get(core).expect(200)
      const { headers } = await get(app).expect(200, expected.text)
      for (const field of fields) expect([field, headers[field]]).toEqual([field, expected.headers[field]])
      await get(app).set('if-none-match', expected.headers['etag']!).expect(304)
      const head = await request(app as never)
        .head(path)
        .expect(200)
      expect(head.text ?? '').toBe('')
    }
  })

  test('leaves other paths and methods to the routes after it', async () => {
    await request(app as never)
      .get('/docs/more')
      .expect(200, 'more')
    await request(app as never)
      .get('/docs/other')
      .expect(404)
    await request(app as never)
      .post('/docs')
      .expect(404)
  })

  test('finds its files below the path of an application that is mounted', async () => {
    const outer = express()
    outer.use('/api', app)
    const { text } = await request(outer as never)
      .get('/api/docs')
      .expect(200)
    expect(text).toContain('data-path="/docs"')
  })

  test('passes errors on', async () => {
    const broken = express()
    broken.use('/docs', apiPage({ ...options, assets: `${folder}/missing` }))
    const log = vi.spyOn(console, 'error').mockReturnValue()
    await request(broken as never)
      .get('/docs')
      .expect(500, /The API page has no file .*expressway openapi/)
    log.mockRestore()
    await request(app as never)
      .get('/docs/swagger-ui-0123456789ab.js')
      .set('accept-encoding', 'identity')
      .expect(406)
  })
})

test('invalid options are a TypeError at registration', () => {
  expect(() => apiPage({ document: {}, assets: folder })).toThrow(TypeError)
})
