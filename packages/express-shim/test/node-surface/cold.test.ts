import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** A bundled application asked in a process of its own: which built-in modules it loads, and what it answers. */
let folder: string

const program = `
import express from ${JSON.stringify(fileURLToPath(new URL('../../src/index.ts', import.meta.url)))}

const app = express()
const seen = []
app.get('/hello', (req, res) => res.send('hello'))
app.get('/json', (req, res) => res.status(201).json({ path: req.path, query: req.query, ip: req.ip, host: req.hostname }))
app.get('/redirect', (req, res) => res.redirect('/hello'))
app.get('/cookie', (req, res) => res.cookie('a', 'b').vary('Accept').type('json').send('{}'))
app.get('/empty', (req, res) => res.status(204).end())
app.get('/listen', (req, res) => {
  res.on('finish', () => seen.push('finish')).once('close', () => seen.push('close'))
  res.send('heard')
})
app.get('/write', (req, res) => {
  res.write('a')
  res.end('b')
})
app.get('/state', (req, res) => res.json([req.readable, req.complete, req.destroyed, req.socket.encrypted, res.writableEnded]))
app.get('/touch', async (req, res) => {
  seen.push(typeof req.pipe, req.listenerCount('x'))
  req.on('end', () => seen.push('end'))
  let text = ''
  for await (const chunk of req) text += chunk
  const http = process.getBuiltinModule('node:http')
  res.json([text, req instanceof http.IncomingMessage, res instanceof http.ServerResponse])
})
app.get('/http', (req, res) => {
  const http = process.getBuiltinModule('node:http')
  res.send(String(req instanceof http.IncomingMessage))
})
app.get('/pipe', (req, res) => process.getBuiltinModule('node:stream').Readable.from(['a', 'b']).pipe(res))
app.get('/refuse', (req, res) => {
  try {
    res.setHeader('a b', 'c')
  } catch (error) {
    res.send(error.code)
  }
})

const event = (path) => ({
  version: '2.0', routeKey: '$default', rawPath: path, rawQueryString: 'a=b', headers: { host: 'example.com', accept: '*/*' },
  requestContext: { http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7' }, stage: '$default', requestId: 'id', domainName: 'example.com' },
  isBase64Encoded: false,
})

for (const path of process.argv.slice(2)) {
  const before = process.moduleLoadList.length
  const { statusCode, body } = await app.handler(event(path), {})
  const loaded = process.moduleLoadList.slice(before)
  process.getBuiltinModule('node:fs').writeSync(1, JSON.stringify({ path, statusCode, body, loaded, seen: seen.splice(0) }) + '\\n')
}
`

interface Report {
  path: string
  statusCode: number
  body: string
  loaded: string[]
  seen: unknown[]
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cold-'))
  writeFileSync(join(folder, 'app.mjs'), program)
  await build({
    entryPoints: [join(folder, 'app.mjs')],
    outfile: join(folder, 'bundle.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    nodePaths: [fileURLToPath(new URL('../../node_modules', import.meta.url))],
  })
})

afterAll(() => rmSync(folder, { recursive: true }))

function ask(...paths: string[]): Report[] {
  const output = execFileSync(process.execPath, [join(folder, 'bundle.mjs'), ...paths], { encoding: 'utf8' })
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Report)
}

describe('a first request', () => {
  it.each([
    ['/hello', 200, 'hello'],
    ['/json', 201, '{"path":"/json","query":{"a":"b"},"ip":"203.0.113.7","host":"example.com"}'],
    ['/redirect', 302, 'Found. Redirecting to /hello'],
    ['/cookie', 200, '{}'],
    ['/empty', 204, undefined],
    ['/listen', 200, 'heard'],
    ['/write', 200, 'ab'],
    ['/state', 200, '[true,false,false,true,false]'],
  ])('to %s loads no built-in module', (path, status, body) => {
    const [report] = ask(path)
    expect(report).toMatchObject({ statusCode: status, loaded: [] })
    expect(report?.body || undefined).toBe(body)
  })

  it('hears finish and close without them too', () => {
    expect(ask('/listen')[0]?.seen).toEqual(['finish', 'close'])
  })
})

describe('the first touch of a stream', () => {
  it("puts Node's classes behind ours, for good", () => {
    const reports = ask('/hello', '/touch', '/touch', '/hello')
    expect(reports.map(({ body }) => body)).toEqual(['hello', '["",true,true]', '["",true,true]', 'hello'])
    expect(reports.map(({ seen }) => seen)).toEqual([[], ['function', 0, 'end'], ['function', 0, 'end'], []])
    expect(reports[0]?.loaded).toEqual([])
    expect(reports[1]?.loaded).toContain('NativeModule _http_incoming')
    expect(reports[2]?.loaded).toEqual([])
  })

  it('is not needed where the application has loaded node:http', () => {
    expect(ask('/http', '/http').map(({ body }) => body)).toEqual(['false', 'true'])
  })

  it('may be a pipe into the response', () => {
    expect(ask('/pipe')[0]).toMatchObject({ statusCode: 200, body: 'ab' })
  })

  it('may be a refused header', () => {
    expect(ask('/refuse')[0]).toMatchObject({ statusCode: 200, body: 'ERR_INVALID_HTTP_TOKEN' })
  })
})
