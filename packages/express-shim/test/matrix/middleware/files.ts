import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { type Any, load, type Middleware, type Setup } from '../scenario.ts'

const bytes = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7) % 256)

const tree: Record<string, string | Uint8Array> = {
  'index.html': '<h1>home</h1>',
  'hello.txt': 'hello, world\n'.repeat(20),
  'photo.png': bytes,
  'app.0123.js': 'export {}',
  'page.html': '<p>page</p>',
  'docs/index.html': '<h1>docs</h1>',
  'docs/a b.txt': 'spaced',
  '.secret': 'hidden',
}

/** A folder of files that are all as old as one another. */
function folder(setup: Setup): string {
  const root = mkdtempSync(join(tmpdir(), 'expressway-'))
  const time = new Date('2025-01-01T12:00:00Z')
  for (const [name, content] of Object.entries(tree)) {
    const file = join(root, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    utimesSync(file, time, time)
  }
  utimesSync(join(root, 'docs'), time, time)
  setup.after(() => rmSync(root, { recursive: true }))
  return root
}

const serveStatic: Middleware = {
  name: 'serve-static',
  note: 'An HTTP API decodes paths before the function sees them; the shim encodes them again.',
  scenarios: [
    {
      title: 'files with their type, tag, date and length; folders, dot files and what is missing',
      build: (express, setup) => {
        const app = express()
        app.use(load('serve-static')(folder(setup)))
        return app
      },
      async talk(client) {
        const { headers, text } = await client.get('/hello.txt')
        expect(text).toBe('hello, world\n'.repeat(20))
        expect(headers).toMatchObject({
          'content-type': 'text/plain; charset=utf-8',
          'cache-control': 'public, max-age=0',
          'last-modified': 'Wed, 01 Jan 2025 12:00:00 GMT',
          'accept-ranges': 'bytes',
        })
        expect((await client.get('/photo.png')).bytes.equals(bytes)).toBe(true)
        expect((await client.get('/')).text).toBe('<h1>home</h1>')
        expect((await client.get('/docs')).status).toBe(301)
        expect((await client.get('/docs/a%20b.txt')).text).toBe('spaced')
        expect((await client.get('/.secret')).status).toBe(404)
        expect((await client.get('/none.txt')).status).toBe(404)
        const head = await client.send('HEAD', '/photo.png')
        expect([head.status, head.text]).toEqual([200, ''])
        expect((await client.post('/hello.txt', { json: {} })).status).toBe(404)
      },
    },
    {
      title: 'no way out of its root',
      build: (express, setup) => {
        const app = express()
        app.use('/public', load('serve-static')(join(folder(setup), 'docs')))
        app.use((error: Any, _req: Any, res: Any, _next: Any) => res.status(error.status).send(error.message))
        app.use((_req: Any, res: Any) => res.status(404).send('mine'))
        return app
      },
      async talk(client) {
        for (const path of [
          '/public/..%2fhello.txt',
          '/public/%2e%2e/hello.txt',
          '/public/..%5chello.txt',
          '/public/%00',
        ]) {
          expect((await client.get(path)).status).toBeGreaterThan(399)
        }
      },
    },
    {
      title: 'conditional requests and ranges',
      build: (express, setup) => {
        const app = express()
        app.use(load('serve-static')(folder(setup)))
        return app
      },
      async talk(client) {
        const { etag, 'last-modified': modified } = (await client.get('/hello.txt')).headers as Record<string, string>
        const status = async (headers: Record<string, string>) => (await client.get('/hello.txt', headers)).status
        expect(await status({ 'if-none-match': etag! })).toBe(304)
        expect(await status({ 'if-none-match': '"other"' })).toBe(200)
        expect(await status({ 'if-modified-since': modified! })).toBe(304)
        expect(await status({ 'if-match': '"other"' })).toBe(412)
        expect(await status({ 'if-unmodified-since': 'Wed, 01 Jan 2020 12:00:00 GMT' })).toBe(412)
        const part = await client.get('/photo.png', { range: 'bytes=100-199' })
        expect([part.status, part.headers['content-range']]).toEqual([206, 'bytes 100-199/5000'])
        expect(part.bytes.equals(bytes.slice(100, 200))).toBe(true)
        expect((await client.get('/photo.png', { range: 'bytes=-10' })).bytes).toHaveLength(10)
        expect((await client.get('/photo.png', { range: 'bytes=9000-' })).status).toBe(416)
        expect((await client.get('/photo.png', { range: 'bytes=0-9', 'if-range': '"old"' })).status).toBe(200)
      },
    },
    {
      title: 'options: cache, immutable, headers by file, extensions, several roots, fall-through and index off',
      normal: (text) => text.replace(/\/[^\s&]*expressway-\w+/g, '<root>'),
      build: (express, setup) => {
        const serveStatic = load('serve-static')
        const root = folder(setup)
        const app = express()
        const setHeaders = (res: Any, path: string) => res.setHeader('X-File', path.slice(root.length))
        app.use(
          '/assets',
          serveStatic(root, { immutable: true, maxAge: '1y', setHeaders, index: false, redirect: false }),
        )
        app.use(
          '/strict',
          serveStatic(root, { fallthrough: false, dotfiles: 'deny', etag: false, lastModified: false }),
        )
        app.use(
          '/pages',
          serveStatic(join(root, 'docs')),
          serveStatic(root, { extensions: ['html'], cacheControl: false }),
        )
        app.use((_req: Any, res: Any) => res.status(404).send('mine'))
        return app
      },
      async talk(client) {
        const { headers } = await client.get('/assets/app.0123.js')
        expect(headers).toMatchObject({
          'cache-control': 'public, max-age=31536000, immutable',
          'x-file': '/app.0123.js',
        })
        expect((await client.get('/assets/docs')).text).toBe('mine')
        expect((await client.get('/strict/none')).status).toBe(404)
        expect((await client.get('/strict/.secret')).status).toBe(403)
        expect((await client.get('/pages/page')).text).toBe('<p>page</p>')
        expect((await client.get('/pages/')).text).toBe('<h1>docs</h1>')
      },
    },
  ],
}

const serveIndex: Middleware = {
  name: 'serve-index',
  scenarios: [
    {
      title: 'lists a folder as HTML, JSON and text, with icons, details, filters and dot files',
      normal: (text) => text.replace(/\d+\/\d+\/\d+ \d+:\d\d:\d\d [AP]M/g, '<date>'),
      build: (express, setup) => {
        const serveIndex = load('serve-index')
        const root = folder(setup)
        const app = express()
        app.use('/ftp', express.static(root, { index: false }), serveIndex(root, { icons: true }))
        app.use(
          '/details',
          serveIndex(root, { view: 'details', hidden: true, filter: (name: string) => name !== 'photo.png' }),
        )
        const template = ({ directory, fileList }: Any, done: Any) => done(null, `${directory}: ${fileList.length}`)
        app.use('/own', serveIndex(root, { template }))
        return app
      },
      async talk(client) {
        const html = await client.get('/ftp/', { accept: 'text/html' })
        expect(html.text).toContain('<a href="/ftp/hello.txt"')
        expect((await client.get('/ftp/', { accept: 'application/json' })).json()).toEqual([
          'docs',
          'app.0123.js',
          'hello.txt',
          'index.html',
          'page.html',
          'photo.png',
        ])
        expect((await client.get('/ftp/docs/', { accept: 'text/plain' })).text).toBe('a b.txt\nindex.html\n')
        expect((await client.get('/ftp/docs/a%20b.txt')).text).toBe('spaced')
        expect((await client.get('/details/', { accept: 'application/json' })).json()).toContain('.secret')
        expect((await client.get('/details/', { accept: 'text/html' })).text).not.toContain('photo.png')
        expect((await client.get('/own/docs', { accept: 'text/html' })).text).toBe('/own/docs: 3')
        expect((await client.get('/ftp/', { accept: 'image/png' })).status).toBe(406)
        const post = await client.post('/details/', { json: {} })
        expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS'])
      },
    },
  ],
}

const favicon: Middleware = {
  name: 'serve-favicon',
  scenarios: [
    {
      title: 'serves the icon from memory or a file, with tag and age, and nothing else',
      build: (express, setup) => {
        const favicon = load('serve-favicon')
        const app = express()
        app.use('/file', favicon(join(folder(setup), 'photo.png'), { maxAge: '1d' }))
        app.use(favicon(Buffer.from(bytes)))
        app.get('/', (_req, res) => void res.send('home'))
        return app
      },
      async talk(client) {
        const { headers, bytes: icon } = await client.get('/favicon.ico')
        expect(headers).toMatchObject({ 'content-type': 'image/x-icon', 'cache-control': 'public, max-age=31536000' })
        expect(icon.equals(bytes)).toBe(true)
        expect((await client.get('/favicon.ico', { 'if-none-match': headers.etag as string })).status).toBe(304)
        expect((await client.send('HEAD', '/favicon.ico')).text).toBe('')
        expect((await client.post('/favicon.ico')).status).toBe(405)
        expect((await client.send('OPTIONS', '/favicon.ico')).headers.allow).toBe('GET, HEAD, OPTIONS')
        expect((await client.get('/file/favicon.ico')).headers['cache-control']).toBe('public, max-age=86400')
        expect((await client.get('/')).text).toBe('home')
      },
    },
  ],
}

const greet = (name: string) => (req: Any, res: Any) =>
  res.json({ name, host: req.vhost.host, parts: [...Array(req.vhost.length)].map((_, index) => req.vhost[index]) })

const vhost: Middleware = {
  name: 'vhost',
  scenarios: [
    {
      title: 'hands requests on by host: exact, with wildcards, patterns, whole applications',
      build: (express) => {
        const vhost = load('vhost')
        const mail = express()
        mail.get('/', greet('mail'))
        const app = express()
        app.use(vhost('mail.example.com', mail))
        app.use(vhost('*.*.users.example', greet('users')))
        app.use(vhost(/(\d+)\.numbers\.example/, greet('numbers')))
        app.use((_req, res) => void res.send('main'))
        return app
      },
      async talk(client) {
        const at = async (host: string) => (await client.get('/', { host })).text
        expect(JSON.parse(await at('mail.example.com'))).toEqual({ name: 'mail', host: 'mail.example.com', parts: [] })
        expect(JSON.parse(await at('a.b.users.example:8080')).parts).toEqual(['a', 'b'])
        expect(JSON.parse(await at('42.NUMBERS.example')).parts).toEqual(['42'])
        expect(await at('www.example.com')).toBe('main')
      },
    },
  ],
}

export const files: readonly Middleware[] = [serveStatic, serveIndex, favicon, vhost]
