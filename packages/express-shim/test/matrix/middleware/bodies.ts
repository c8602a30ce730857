import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { type Any, load, type Middleware, type Setup } from '../scenario.ts'

/** Every byte there is, three hundred times over: no text survives it. */
const bytes = Uint8Array.from({ length: 76_800 }, (_, index) => (index * 7) % 256)
const hashOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')

const byType =
  'The gateway recognises text by its type only: it passes on compressed JSON as text, which destroys it (`application/octet-stream` arrives).'
const compressedText = {
  'http-api': byType,
  'http-api-v1': byType,
  'function-url': byType,
  'function-url-stream': byType,
}

const bodyParser: Middleware = {
  name: 'body-parser',
  scenarios: [
    {
      title: 'JSON, forms, text and bytes, by type, with a verifier',
      build: (express, { note }) => {
        const parser = load('body-parser')
        const app = express()
        app.use(
          parser.json({
            verify: (_req: Any, _res: Any, buffer: Buffer) => note(buffer.length),
            reviver: (_key: string, value: Any) => (value === 'now' ? 'later' : value),
          }),
          parser.urlencoded({ extended: true }),
          parser.text({ type: 'text/*' }),
          parser.raw({ type: (req: Any) => req.get('content-type')?.startsWith('image/') }),
        )
        app.all('/', (req: Any, res) => {
          const { body } = req
          res.json(Buffer.isBuffer(body) ? { length: body.length, hash: hashOf(body) } : { body, type: typeof body })
        })
        return app
      },
      async talk(client) {
        expect((await client.post('/', { json: { a: [1, 'now'] } })).json()).toEqual({
          body: { a: [1, 'later'] },
          type: 'object',
        })
        expect((await client.post('/', { form: { 'user[name]': 'ann', 'tags[]': 'x' } })).json().body).toEqual({
          user: { name: 'ann' },
          tags: ['x'],
        })
        const send = (type: string, body: string | Uint8Array, headers = {}) =>
          client.send('PUT', '/', { body, headers: { 'content-type': type, ...headers } })
        expect((await send('text/plain', 'grüße')).json()).toEqual({ body: 'grüße', type: 'string' })
        expect((await send('image/png', bytes)).json()).toEqual({ length: bytes.length, hash: hashOf(bytes) })
        expect((await client.get('/')).json()).toEqual({ type: 'undefined' })
        expect(client.notes).toEqual([15])
      },
    },
    {
      title: 'inflates compressed bodies',
      cannot: compressedText,
      build: (express) => {
        const parser = load('body-parser')
        const app = express()
        app.post('/', parser.json(), parser.text(), (req: Any, res) => void res.json({ body: req.body }))
        return app
      },
      async talk(client) {
        const ask = async (encoding: string, body: Uint8Array) => {
          const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
          return (await client.post('/', { body, headers })).text
        }
        const json = JSON.stringify({ zipped: true })
        expect(await ask('gzip', gzipSync(json))).toBe('{"body":{"zipped":true}}')
        expect(await ask('deflate', deflateSync(json))).toBe('{"body":{"zipped":true}}')
        expect(await ask('br', brotliCompressSync(json))).toBe('{"body":{"zipped":true}}')
      },
    },
    {
      title: 'errors with status and type: malformed, too large, charset, encoding, verification',
      build: (express) => {
        const parser = load('body-parser')
        const app = express()
        const verify = (_req: Any, _res: Any, buffer: Buffer) => {
          if (buffer.includes('evil')) throw new Error('no')
        }
        app.use(parser.json({ limit: 40, verify }), parser.urlencoded({ parameterLimit: 2, extended: false }))
        app.post('/', (req: Any, res) => void res.json(req.body))
        app.use((error: Any, _req: Any, res: Any, _next: Any) => {
          const { status, type, expose, body, charset, encoding, limit, length } = error
          res.status(status).json({ status, type, expose, body, charset, encoding, limit, length })
        })
        return app
      },
      async talk(client) {
        const ask = async (type: string, body: string, headers = {}) => {
          const answer = await client.post('/', { body, headers: { 'content-type': type, ...headers } })
          return [answer.status, answer.json().type]
        }
        expect(await ask('application/json', '{"a":')).toEqual([400, 'entity.parse.failed'])
        expect(await ask('application/json', '"strict"')).toEqual([400, 'entity.parse.failed'])
        expect(await ask('application/json', JSON.stringify('x'.repeat(50)))).toEqual([413, 'entity.too.large'])
        expect(await ask('application/json', '{"a":"evil"}')).toEqual([403, 'entity.verify.failed'])
        expect(await ask('application/json; charset=x', '{}')).toEqual([415, 'charset.unsupported'])
        expect(await ask('application/json', '{}', { 'content-encoding': 'x' })).toEqual([415, 'encoding.unsupported'])
        expect(await ask('application/x-www-form-urlencoded', 'a=1&b=2&c=3')).toEqual([413, 'parameters.too.many'])
        expect(await ask('application/json', '{"a":1}')).toEqual([200, undefined])
      },
    },
  ],
}

/** What a handler finds of an upload, without names that are random. */
function found(req: Any): unknown {
  const file = ({ buffer, path, filename, destination, ...rest }: Any) => ({
    ...rest,
    hash: hashOf(buffer ?? readFileSync(path)),
    isOnDisk: path !== undefined && existsSync(path) && path === join(destination, filename),
  })
  const { files } = req
  const all = Array.isArray(files)
    ? files.map(file)
    : files && Object.fromEntries(Object.entries(files).map(([name, list]) => [name, (list as Any[]).map(file)]))
  return { body: req.body, file: req.file && file(req.file), files: all }
}

function uploads(setup: Setup): string {
  const directory = mkdtempSync(join(tmpdir(), 'expressway-'))
  setup.after(() => rmSync(directory, { recursive: true }))
  return directory
}

const photo = { name: 'photo', value: bytes, filename: 'me.png', type: 'image/png' }
const field = { name: 'title', value: 'Grüße' }

const multerMemory: Middleware = {
  name: 'multer (memory)',
  packages: ['multer'],
  note: 'A REST API passes bytes on only with `multipart/form-data` among its `binaryMediaTypes`.',
  scenarios: [
    {
      title: 'single, array, fields, any and none, with their text fields',
      build: (express) => {
        const multer = load('multer')
        const upload = multer({ storage: multer.memoryStorage() })
        const app = express()
        const answer = (req: Any, res: Any) => res.json(found(req))
        app.post('/single', upload.single('photo'), answer)
        app.post('/array', upload.array('photo', 2), answer)
        app.post(
          '/fields',
          upload.fields([
            { name: 'photo', maxCount: 1 },
            { name: 'gallery', maxCount: 8 },
          ]),
          answer,
        )
        app.post('/any', upload.any(), answer)
        app.post('/none', upload.none(), answer)
        return app
      },
      async talk(client) {
        const { body, file } = (await client.post('/single', { parts: [field, photo] })).json()
        expect(body).toEqual({ title: 'Grüße' })
        expect(file).toEqual({
          fieldname: 'photo',
          originalname: 'me.png',
          encoding: '7bit',
          mimetype: 'image/png',
          size: bytes.length,
          hash: hashOf(bytes),
          isOnDisk: false,
        })
        const two = (await client.post('/array', { parts: [photo, { ...photo, filename: 'you.png' }] })).json()
        expect(two.files).toHaveLength(2)
        const gallery = { ...photo, name: 'gallery' }
        const fields = (await client.post('/fields', { parts: [photo, gallery, gallery] })).json()
        expect(fields.files.gallery).toHaveLength(2)
        expect((await client.post('/any', { parts: [photo, { name: 'x[y]', value: '1' }] })).json().body).toEqual({
          x: { y: '1' },
        })
        expect((await client.post('/none', { parts: [field] })).json().body).toEqual({ title: 'Grüße' })
        expect((await client.post('/none', { form: { a: '1' } })).json()).toEqual({})
      },
    },
    {
      title: 'limits, filters and unexpected files are errors with a code',
      build: (express) => {
        const multer = load('multer')
        const fileFilter = (_req: Any, { mimetype }: Any, done: Any) =>
          mimetype === 'text/html' ? done(new Error('no pages')) : done(null, mimetype === 'image/png')
        const upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: 80_000, files: 2 }, fileFilter })
        const app = express()
        app.post('/', upload.array('photo', 2), (req: Any, res) => void res.json(found(req)))
        app.use((error: Any, _req: Any, res: Any, _next: Any) => {
          const isMulter = error instanceof multer.MulterError
          res.status(400).json({ isMulter, code: error.code, field: error.field, message: error.message })
        })
        return app
      },
      async talk(client) {
        const ask = async (...parts: Any[]) => (await client.post('/', { parts })).json()
        expect(await ask({ ...photo, value: new Uint8Array(90_000) })).toMatchObject({
          isMulter: true,
          code: 'LIMIT_FILE_SIZE',
        })
        expect(await ask(photo, photo, photo)).toMatchObject({ code: 'LIMIT_FILE_COUNT' })
        expect(await ask({ ...photo, name: 'other' })).toMatchObject({ code: 'LIMIT_UNEXPECTED_FILE', field: 'other' })
        expect(await ask({ ...photo, type: 'text/html' })).toMatchObject({ isMulter: false, message: 'no pages' })
        expect(await ask({ ...photo, type: 'text/plain' })).toMatchObject({ files: [] })
        const cut = await client.post('/', {
          body: '--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\nhalf',
          headers: { 'content-type': 'multipart/form-data; boundary=x' },
        })
        expect(cut.json().message).toBe('Unexpected end of form')
      },
    },
  ],
}

const multerDisk: Middleware = {
  name: 'multer (disk)',
  packages: ['multer'],
  note: 'On Lambda only `/tmp` is writable, and files stay there after the request: remove them.',
  scenarios: [
    {
      title: 'stores files under names of its own or of the application',
      normal: (text) => text.replace(/[0-9a-f]{32}/g, (name) => name),
      build: (express, setup) => {
        const multer = load('multer')
        const directory = uploads(setup)
        const storage = multer.diskStorage({
          destination: (_req: Any, _file: Any, done: Any) => done(null, directory),
          filename: (_req: Any, file: Any, done: Any) => done(null, `kept-${file.originalname}`),
        })
        const app = express()
        app.post('/own', multer({ dest: join(directory, 'own') }).single('photo'), (req: Any, res) => {
          setup.note(/^[0-9a-f]{32}$/.test(req.file.filename))
          res.json(found(req))
        })
        app.post('/named', multer({ storage }).array('photo'), async (req: Any, res) => {
          setup.note((await readdir(directory)).filter((name) => name.startsWith('kept-')))
          res.json(found(req))
        })
        return app
      },
      async talk(client) {
        expect((await client.post('/own', { parts: [photo, field] })).json()).toMatchObject({
          body: { title: 'Grüße' },
          file: { isOnDisk: true, hash: hashOf(bytes), size: bytes.length },
        })
        await client.post('/named', { parts: [photo, { ...photo, filename: 'you.png', value: 'small' }] })
        expect(client.notes).toEqual([true, ['kept-me.png', 'kept-you.png']])
      },
    },
    {
      title: 'removes what it stored when a later part is refused',
      build: (express, setup) => {
        const multer = load('multer')
        const directory = uploads(setup)
        const app = express()
        app.post(
          '/',
          multer({ dest: directory, limits: { fileSize: 80_000 } }).array('photo'),
          (_req, res) => void res.end(),
        )
        app.use(async (error: Any, _req: Any, res: Any, _next: Any) => {
          setup.note(await readdir(directory), error.storageErrors)
          res.status(413).send(error.code)
        })
        return app
      },
      async talk(client) {
        const { status, text } = await client.post('/', { parts: [photo, { ...photo, value: new Uint8Array(90_000) }] })
        expect([status, text]).toEqual([413, 'LIMIT_FILE_SIZE'])
        expect(client.notes).toEqual([[], []])
      },
    },
  ],
}

export const bodies: readonly Middleware[] = [bodyParser, multerMemory, multerDisk]
