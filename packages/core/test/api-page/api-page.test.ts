import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import request, { fetchOf } from '@expressway/testing'
import { build } from 'esbuild'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { apiPage } from '../../src/api-page.ts'
import { createApp, createRouter } from '../../src/index.ts'
import { openapi } from '../../src/openapi.ts'
import { script, style, temporaryFolder, writeAssets } from './written.ts'

const { folder, remove } = temporaryFolder()
writeAssets(folder)
afterAll(remove)
afterEach(() => void vi.restoreAllMocks())

const document = { openapi: '3.1.1', info: { title: 'Todos', version: '1' }, paths: {} }
const appWith = (options: Partial<Parameters<typeof apiPage>[0]> = {}) =>
  createApp().use('/docs', apiPage({ document, assets: folder, ...options }))
const app = appWith()
const binary = { binaryMediaTypes: ['*/*'] }

/** What the page refers to. */
const linksOf = (html: string) =>
  Object.fromEntries(
    [...html.matchAll(/\b(src|href|data-document|data-path)="([^"]*)"/g)].map(([, name, url]) => [name!, url!]),
  )

const scriptOf = async (target = app): Promise<string> =>
  `/docs/${/swagger-ui-[\da-f]{12}\.js/.exec((await request(target).get('/docs')).text)![0]}`

describe('the page', () => {
  test.each([
    ['/docs', './docs/'],
    ['/docs/', './'],
    ['/docs?theme=dark', './docs/'],
  ])('at %s has relative URLs, on every event source', async (path, prefix) => {
    await request(app)
      .get(path)
      .viaAll()
      .expect(200)
      .expect('content-type', 'text/html; charset=utf-8')
      .expect('cache-control', 'no-cache')
      .expect(({ text }) => {
        const { src, 'data-document': json, 'data-path': own } = linksOf(text)
        expect(src).toMatch(new RegExp(`^${prefix.replaceAll('.', '\\.')}swagger-ui-[\\da-f]{12}\\.js$`))
        expect([json, own]).toEqual([`${prefix}openapi.json`, path.replace(/\?.*/, '')])
      })
  })

  test('allows its own files and the servers of the document alone, and no inline script or style', async () => {
    const policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; " +
      "form-action 'none'; frame-ancestors 'none'"
    const { text } = await request(app)
      .get('/docs')
      .expect('content-security-policy', policy)
      .expect('x-content-type-options', 'nosniff')
      .expect('referrer-policy', 'no-referrer')
    expect(text).not.toMatch(/<style|style=|<script(?! src=)|\bon\w+=|https?:/)

    const servers = [
      { url: '/v1' },
      { url: 'https://api.example.com/v1' },
      { url: 'https://api.example.com' },
      { url: 'mailto:a' },
    ]
    await request(appWith({ document: { ...document, servers } }))
      .get('/docs')
      .expect(
        'content-security-policy',
        policy.replace("connect-src 'self'", "connect-src 'self' https://api.example.com"),
      )
  })

  test('escapes the title and the path', async () => {
    const title = '</title><script>alert(1)</script>"&'
    const escaping = createApp().use(
      '/:any',
      apiPage({ document: { ...document, info: { title, version: '1' } }, assets: folder }),
    )
    const { text } = await request(escaping).get(`/"><img onerror='x'>`).expect(200)
    expect(text).toContain('<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;</title>')
    expect(text).not.toMatch(/<script>|<img/)
    // Scripts never see the document's text as HTML.
    const json = await request(escaping).get('/a/openapi.json').expect('content-type', 'application/json')
    expect(json.headers['x-content-type-options']).toBe('nosniff')
  })

  test('keeps its URLs below a stage, a mapping, a prefix and other routers', async () => {
    const nested = createApp({ stripPrefixes: ['/pay'] }).use(
      '/internal',
      createRouter().use('/docs', apiPage({ document, assets: pathToFileURL(`${folder}/`) })),
    )
    for (const options of [{ stage: 'prod' }, { basePath: '/v1' }]) {
      const base = `https://api.example.com/${options.stage ?? 'v1'}`
      const fetch = fetchOf(nested, { gateway: 'http-api', gatewayOptions: options })
      for (const path of ['/internal/docs', '/internal/docs/', '/pay/internal/docs']) {
        const page = await fetch(base + path)
        const { src, 'data-path': own } = linksOf(await page.text())
        expect(own).toBe(path.replace('/pay', ''))
        const file = await fetch(new URL(src!, page.url))
        expect([file.status, await file.text()]).toEqual([200, script])
      }
    }
  })

  test('is no part of the API that it describes', () => {
    const api = createApp().get('/todos', () => [])
    api.use('/docs', apiPage({ document: () => openapi(api, document.info).document, assets: folder }))
    expect(Object.keys(openapi(api, document.info).document.paths)).toEqual(['/todos'])
  })

  test('has no other files and takes no other methods', async () => {
    await request(app).get('/docs/other.js').viaAll().expect(404)
    await request(app).get('/docs/swagger-ui-000.js').expect(404)
    await request(app).get('/docs/..%2fpackage.json').expect(404)
    await request(app).get('/docs/swagger-ui.js.br').expect(404)
    await request(app).post('/docs').viaAll().expect(405)
  })
})

describe('a file', () => {
  test.each([
    ['br', 'br, gzip'],
    ['gzip', 'gzip, deflate'],
    ['gzip', 'br;q=0.5, gzip'],
    ['br', '*'],
  ])('is sent as %s to a client that takes %s, on every event source', async (encoding, accept) => {
    await request(app)
      .get(await scriptOf())
      .gatewayOptions(binary)
      .set('accept', '*/*')
      .set('accept-encoding', accept)
      .viaAll()
      .expect(200, script)
      .expect('content-encoding', encoding)
      .expect('vary', 'Accept-Encoding')
      .expect('content-type', 'text/javascript; charset=utf-8')
      .expect('cache-control', 'public, max-age=31536000, immutable')
  })

  test('is compressed without Accept-Encoding, and refused if no encoding is taken', async () => {
    const path = await scriptOf()
    await request(app).get(path).unset('accept-encoding').expect('content-encoding', 'gzip')
    await request(app)
      .get(path)
      .set('accept-encoding', 'identity')
      .expect(406, /accept br or gzip/)
  })

  test('is kept for good by the name of its version alone', async () => {
    await request(app)
      .get('/docs/swagger-ui-0123456789ab.css')
      .expect(200, style)
      .expect('content-type', 'text/css; charset=utf-8')
      .expect('cache-control', 'no-cache')
  })

  test.each(['/docs', '/docs/openapi.json', 'the script'])(
    '%s is not sent again to a client that has it',
    async (name) => {
      const path = name === 'the script' ? await scriptOf() : name
      const { headers } = await request(app).get(path).set('accept', '*/*').gatewayOptions(binary).viaAll().expect(200)
      const again = request(app).get(path).set('if-none-match', headers['etag']!).viaAll()
      await again.expect(304, '').expect('etag', headers['etag']!)
      await request(app).get(path).set('if-none-match', '"other"').expect(200)
      const head = await request(app).head(path).expect(200)
      expect(head.headers['etag']).toBe(headers['etag'])
    },
  )
})

describe('the document', () => {
  test('is made once, at the first request', async () => {
    const make = vi.fn(async () => document)
    const lazy = appWith({ document: make })
    expect(make).not.toHaveBeenCalled()
    await request(lazy).get('/docs').expect(200)
    await request(lazy).get('/docs/openapi.json').viaAll().expect(200, document)
    expect(make).toHaveBeenCalledTimes(1)
  })

  test('is made again after a failure', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const make = vi.fn().mockRejectedValueOnce(new Error('The table is away')).mockReturnValue(document)
    const lazy = appWith({ document: make })
    await request(lazy).get('/docs').expect(500)
    await request(lazy).get('/docs').expect(200)
    expect(String(log.mock.calls)).toContain('The table is away')
  })

  test('that a function gives has to be one', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    await request(appWith({ document: () => ({ document }) }))
      .get('/docs')
      .expect(500)
    expect(String(log.mock.calls)).toMatch(/takes document, which is an OpenAPI document or a function/)
  })
})

test('files that are missing are one error that names the command, and are read when they are there', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  const empty = temporaryFolder()
  try {
    const late = appWith({ assets: empty.folder })
    await request(late).get('/docs').expect(500)
    expect(String(log.mock.calls)).toContain(
      `The API page has no file ${join(empty.folder, 'swagger-ui.js.br')}: write its files with ` +
        '"expressway openapi <file of the application> --page <folder>"',
    )
    writeAssets(empty.folder)
    await request(late).get('/docs').expect(200)
  } finally {
    empty.remove()
  }
})

test.each([
  ['no document', { document: undefined, assets: '.' }, /document/],
  [
    'a result of openapi()',
    { document: { document, warnings: [] }, assets: '.' },
    /openapi\(app, \{ title, version \}\)\.document/,
  ],
  ['no folder', { document, assets: undefined }, /assets as a path or a file: URL.*not undefined/],
  ['a URL of a host', { document, assets: new URL('https://example.com/') }, /not https:\/\/example\.com\//],
])('%s is a TypeError at registration', (_name, options, message) => {
  expect(() => apiPage(options as never)).toThrow(TypeError)
  expect(() => apiPage(options as never)).toThrow(message)
})

describe('a bundle', () => {
  const bundle = async (source: string) => {
    const { outputFiles, metafile } = await build({
      stdin: { contents: source, resolveDir: import.meta.dirname },
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node22',
    })
    return { bytes: outputFiles[0]!.contents.length, text: outputFiles[0]!.text, files: Object.keys(metafile.inputs) }
  }
  const hello = "import { createApp } from '@expressway/core'\nconst app = createApp().get('/', () => 'hello')\n"

  test('with the page has no byte of Swagger UI, and one without it nothing of the page', async () => {
    const without = await bundle(`${hello}export const { handler } = app`)
    const page = await bundle(
      `${hello}import { apiPage } from '@expressway/core/api-page'
app.use('/docs', apiPage({ document: { openapi: '3.1.1' }, assets: './api' }))
export const { handler } = app`,
    )
    expect(without.files.filter((file) => /api-page|contract\//.test(file))).toEqual([])
    expect(page.files.filter((file) => /swagger/.test(file))).toEqual([])
    expect(page.text).not.toMatch(/SwaggerUIBundle/)
    expect(page.bytes - without.bytes).toBeLessThan(5 * 1024)
  })
})
