import { execFile, fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Examination } from '../../src/doctor/examine.ts'
import { rules } from '../../src/doctor/rules.ts'

const program = join(import.meta.dirname, '../../src/bin.ts')
const fixtures = join(import.meta.dirname, 'fixtures')
const run = promisify(execFile)

interface Ended {
  code: number
  stdout: string
  stderr: string
}

async function doctor(args: string[]): Promise<Ended> {
  try {
    const options = { cwd: fixtures, env: { ...process.env, NODE_OPTIONS: '' } }
    return { code: 0, ...(await run(process.execPath, [program, 'doctor', ...args], options)) }
  } catch (error) {
    return error as Ended // What execFile rejects with has them.
  }
}

/** The part of the command that runs in the application's process, without the one that starts it. */
function examine(file: string, { args = [], cwd = fixtures, env = {} }: ExamineOptions = {}): Promise<Examination> {
  const child = fork(program, ['doctor', join(fixtures, file), '--this-process', ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', (examination) => resolve(examination as Examination))
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })
}

interface ExamineOptions {
  args?: string[]
  cwd?: string
  env?: Record<string, string>
}

/** `rule:line` for each finding, without the one that nearly every fixture has. */
const marks = ({ findings }: Examination): string[] =>
  findings.filter(({ rule }) => rule !== 'handler').map(({ rule, line }) => `${rule}:${line ?? '-'}`)

// Below the repository, as what lies in the temporary folder may be written.
function makeFolder(): string {
  const folder = mkdtempSync(join(fixtures, '.doctor-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('findings', () => {
  it('are none where nothing differs', async () => {
    const { application, findings, files } = await examine('healthy.ts')
    expect(application).toEqual({ kind: '@expressway/express-shim', origin: 'export "app"' })
    expect(findings).toEqual([])
    expect(files.map((file) => relative(fixtures, file))).toEqual(['healthy.ts'])
  })

  it('handler: exported or not, as CommonJS or as a module', async () => {
    const has = async (file: string) => (await examine(file)).findings.some(({ rule }) => rule === 'handler')
    expect(await Promise.all(['stores.mjs', 'no-app.mjs', 'caches.cjs', 'express4.cjs'].map(has))).toEqual([
      true,
      false,
      false,
      true,
    ])
  })

  it('Express 4: itself, its paths and what Express 5 took away', async () => {
    const examination = await examine('express4.cjs')
    expect(examination.application).toMatchObject({ kind: 'Express 4' })
    expect(marks(examination)).toEqual([
      'express-4:-',
      'express-4-path:6',
      'express-4-path:7',
      'express-4-api:10',
      'express-4-path:13',
      'express-4-api:13',
      'express-4-api:15',
      'express-4-api:15',
    ])
  })

  it('listen, also later, with the application found behind the server', async () => {
    const server = await examine('server-only.mjs')
    expect(server.application).toEqual({ kind: 'Express 5', origin: 'its server' })
    expect(marks(server)).toEqual(['listen:5', 'port:5'])
    expect(server.findings.find(({ rule }) => rule === 'listen')?.what).toContain('listen(3000)')
    expect(marks(await examine('late-listen.cjs'))).toEqual(['listen:5'])
    expect(marks(await examine('late-listen.cjs', { args: ['--wait', '0'] }))).toEqual([])
  })

  it('stores in memory, not those elsewhere', async () => {
    expect(marks(await examine('stores.mjs'))).toEqual(['session-store:6', 'rate-limit-store:7'])
    expect(marks(await examine('outer-stores.mjs'))).toEqual([])
  })

  it('timers that were started, and those in handlers', async () => {
    const examination = await examine('timers.mjs')
    expect(marks(examination)).toEqual(['timer:5', 'timer:6', 'timer:8'])
    expect(examination.findings.map(({ what }) => /\d+ ms/.exec(what)?.[0])).toEqual([
      undefined,
      '60000 ms',
      '5000 ms',
      undefined,
    ])
  })

  it('writes, but not those to the temporary folder', async () => {
    const DOCTOR_FOLDER = makeFolder()
    const examination = await examine('writes.mjs', { env: { DOCTOR_FOLDER } })
    expect(marks(examination)).toEqual([8, 9, 10, 11, 12, 13].map((line) => `file-write:${line}`))
    expect(examination.findings.find(({ line }) => line === 10)?.what).toMatch(/uploads is written .* by multer$/)
    expect(marks(await examine('temporary-writes.mjs'))).toEqual([])
  })

  it('WebSocket upgrades that are taken, and libraries for them', async () => {
    expect(marks(await examine('websocket.mjs'))).toEqual(['websocket:6'])
    expect(marks(await examine('socketio.mjs'))).toEqual(['websocket:5'])
  })

  it.each(['folders.mjs', 'shim-folders.ts'])('folders and files too large for an answer: %s', async (file) => {
    const DOCTOR_FOLDER = makeFolder()
    mkdirSync(join(DOCTOR_FOLDER, 'sub'))
    writeFileSync(join(DOCTOR_FOLDER, 'sub/film.mp4'), Buffer.alloc(5_000_000))
    writeFileSync(join(DOCTOR_FOLDER, 'page.html'), Buffer.alloc(5_000_000))
    writeFileSync(join(DOCTOR_FOLDER, 'data.json'), Buffer.alloc(7_000_000))
    const { findings } = await examine(file, { env: { DOCTOR_FOLDER } })
    const whats = findings.filter(({ rule }) => rule !== 'handler').map(({ rule, what }) => `${rule} ${what}`)
    const short = relative(fixtures, DOCTOR_FOLDER)
    expect(whats.slice(0, 3)).toEqual([
      `static-folder files are served from ${short}`,
      expect.stringMatching(/^large-file .*(data\.json has 6\.7 MB|sub\/film\.mp4 has 4\.8 MB)$/),
      expect.stringMatching(/^large-file .*(data\.json has 6\.7 MB|sub\/film\.mp4 has 4\.8 MB)$/),
    ])
    expect(whats.slice(3)).toEqual(
      file === 'folders.mjs' ? ['static-folder files are served from gone, which does not exist'] : [],
    )
  })

  it('a large file that a handler sends', async () => {
    const cwd = makeFolder()
    expect(marks(await examine('send-file.mjs', { cwd }))).toEqual([])
    writeFileSync(join(cwd, 'doctor-film.mp4'), Buffer.alloc(5_000_000))
    expect(marks(await examine('send-file.mjs', { cwd }))).toEqual(['large-file:5'])
  })

  it('requests larger than an event', async () => {
    expect(marks(await examine('large-requests.mjs'))).toEqual(['large-request:3', 'large-request:5'])
  })

  it('streaming, unless the handler streams', async () => {
    expect(marks(await examine('streams.ts'))).toEqual(['streaming:6', 'streaming:7', 'streaming:9'])
    expect(marks(await examine('streams-streaming.ts'))).toEqual([])
  })

  it('settings and middleware, of an application that a function makes', async () => {
    const examination = await examine('settings.mjs', { args: ['--export', 'createApp'] })
    expect(marks(examination)).toEqual(['cluster:1', 'trust-proxy:7', 'views:8', 'compression:9'])
    expect(examination.entries[0]).toMatchObject({ handlers: ['compression'], package: 'compression' })
  })

  it('files of the application beside the one that is named', async () => {
    const { files, findings, entries } = await examine('parts.mjs')
    expect(files.map((file) => relative(fixtures, file))).toEqual(['parts.mjs', 'parts/index.js', 'parts-routes.mjs'])
    expect(findings.map(({ rule, file, line }) => `${rule} ${relative(fixtures, file!)}:${line}`)).toEqual([
      'streaming parts-routes.mjs:5',
    ])
    expect(entries).toMatchObject([{ path: '/parts/events', methods: ['GET'] }])
  })

  it('caches in memory', async () => {
    expect(marks(await examine('caches.cjs'))).toEqual(['memory-cache:3'])
  })

  it('errors that nobody catches', async () => {
    const examination = await examine('fails-later.mjs')
    expect(marks(examination)).toEqual(['load-error:-'])
    expect(examination.findings.at(-1)?.what).toBe('after it was loaded it threw Error: ECONNREFUSED 127.0.0.1:5432')
  })

  it('have all been seen here', () => {
    const text = readFileSync(import.meta.filename, 'utf8')
    expect(Object.keys(rules).filter((rule) => !new RegExp(`['\`]${rule}[: ]`).test(text))).toEqual([])
  })
})

describe('routes and middleware', () => {
  const listed = async (file: string) => {
    const { entries } = await examine(file)
    return entries.map(({ methods, path, handlers, line }) => `${methods} ${path} ${handlers} ${line}`)
  }

  it('of the shim, with routers and their prefixes', async () => {
    expect(await listed('healthy.ts')).toEqual([
      ' / log 19',
      'GET /users/:id showUser 11',
      'POST /users jsonParser,createUser 14',
      'GET /files/*path <anonymous> 23',
      ' /any <anonymous> 24',
    ])
  })

  it('of Express 4, with a parameter in a prefix and an application in it', async () => {
    expect(await listed('express4.cjs')).toEqual([
      'GET /api/:version/orders/:id(\\d+) order 7',
      'GET /api/:version/fine/:name <anonymous> 10',
      'GET /admin/stats/:day? <anonymous> 6',
      'GET /files/* <anonymous> 13',
      'GET /^\\/re(gexp)?$/ <anonymous> 14',
      'DELETE /gone <anonymous> 15',
    ])
  })
})

describe('the command', () => {
  it('prints JSON', async () => {
    const { code, stdout } = await doctor(['caches.cjs', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      application: { kind: 'Express 5', origin: 'export "app"' },
      files: [join(fixtures, 'caches.cjs')],
      entries: [
        {
          kind: 'route',
          path: '/',
          methods: ['GET'],
          handlers: ['<anonymous>'],
          file: join(fixtures, 'caches.cjs'),
          line: 4,
        },
      ],
      findings: [
        {
          rule: 'memory-cache',
          file: join(fixtures, 'caches.cjs'),
          line: 3,
          what: 'node-cache caches in this process',
          ...rules['memory-cache'],
        },
      ],
    })
  })

  it('prints what it found, and what the application prints elsewhere', async () => {
    const { code, stdout, stderr } = await doctor(['server-only.mjs'])
    expect(code).toBe(0)
    expect(stderr).toBe('listening\n')
    expect(stdout).toBe(`server-only.mjs: Express 5, found as its server

Routes and middleware, in order:
  GET  /  <anonymous>  server-only.mjs:4

3 findings.

the module exports no handler  [handler]
  why  ${rules.handler.why}
  fix  ${rules.handler.fix}

server-only.mjs:5  listen(3000) is called while the module is loaded  [listen]
  why  ${rules.listen.why}
  fix  ${rules.listen.fix}

server-only.mjs:5  process.env.PORT is read  [port]
  why  ${rules.port.why}
  fix  ${rules.port.fix}
`)
  })

  it('says so where there is no application', async () => {
    const { code, stdout } = await doctor(['no-app.mjs'])
    expect(code).toBe(0)
    expect(stdout).toBe(
      'no-app.mjs: no application found among its exports, so no routes are listed; --export names one\n\n0 findings.\n',
    )
  })

  it('says in one line why a module is not loaded, and which paths Express 5 refuses', async () => {
    const { code, stdout, stderr } = await doctor(['refused-path.mjs'])
    expect(code).toBe(1)
    expect(stdout).toContain("refused-path.mjs:5  the path '/files/*' has a wildcard without a name  [express-4-path]")
    expect(stdout).toContain("refused-path.mjs:6  the path '/a/:b?' has")
    expect(stderr.split('\n')[0]).toMatch(/^expressway: refused-path\.mjs cannot be loaded: TypeError: Missing param/)
  })

  it.each([
    ['throws.mjs', 'cannot be loaded: Error: DATABASE_URL is not set (throws.mjs:4)'],
    ['exits.mjs', 'cannot be loaded: it ended the process with exit status 3.'],
  ])('%s: %s', async (file, message) => {
    const { code, stdout, stderr } = await doctor([file])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`expressway: ${file} ${message}`)
  })

  it.each([
    [[], 'name the application'],
    [['healthy.ts', 'stores.mjs'], 'there is one file to name'],
    [['absent.ts'], 'there is no file absent.ts'],
    [['healthy.ts', '--wait', 'long'], '--wait takes a whole number'],
    [['healthy.ts', '--fix'], "Unknown option '--fix'"],
  ])('wrong usage: %j', async (args, message) => {
    const { code, stderr } = await doctor(args)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})
