import { execFile, fork } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Examination } from '../../src/doctor/examine.ts'
import { rules } from '../../src/doctor/rules.ts'
import { ask, program } from '../command-support.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const run = promisify(execFile)

const cwd = process.cwd()
beforeAll(() => {
  process.chdir(fixtures)
  vi.stubEnv('INIT_CWD', undefined)
})
afterAll(() => {
  process.chdir(cwd)
  vi.unstubAllEnvs()
})

/** The command with a program of the fixtures, without its wait: what nearly all of them do, they do at once. */
const doctor = (...args: string[]) => ask(['doctor', ...args, '--wait', '0'])

const examinations = new Map<string, Promise<Examination>>()

/** As {@link examineAlone}, once for all tests that examine the same. */
function examine(file: string, options: ExamineOptions = {}): Promise<Examination> {
  const key = JSON.stringify([file, options])
  const known = examinations.get(key) ?? examineAlone(file, options)
  examinations.set(key, known)
  return known
}

/** The part of the command that runs in the application's process, without the one that starts it. */
function examineAlone(
  file: string,
  { args = [], cwd = fixtures, env = {} }: ExamineOptions = {},
): Promise<Examination> {
  const child = fork(program, ['doctor', resolve(fixtures, file), '--this-process', '--wait', '0', ...args], {
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

const isNotable = ({ rule }: Examination['findings'][number]) => rule !== 'handler' && rule !== 'error-stacks'

/** `rule:line` for each finding, without those that nearly every fixture has. */
const marks = ({ findings }: Examination): string[] =>
  findings.filter(isNotable).map(({ rule, line }) => `${rule}:${line ?? '-'}`)

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'expressway-doctor-')))
  folders.push(folder)
  return folder
}

/** A fixture in a temporary folder, as an application of its own. What lies beside an application may not be written. */
function copyOf(fixture: string): string {
  const folder = makeFolder()
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'))
  copyFileSync(join(fixtures, fixture), join(folder, fixture))
  return join(folder, fixture)
}

describe.concurrent('findings', () => {
  it('are none where nothing differs', async () => {
    const { application, findings, files } = await examine('healthy.ts')
    expect(application).toEqual({ kind: '@expressway/express-shim', origin: 'as export "app"' })
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
    expect(server.application).toEqual({ kind: 'Express 5', origin: 'as its server' })
    expect(marks(server)).toEqual(['listen:5', 'port:5'])
    expect(server.findings.find(({ rule }) => rule === 'listen')?.what).toContain('listen(3000)')
    expect(marks(await examine('late-listen.cjs', { args: ['--wait', '200'] }))).toEqual(['listen:5'])
    expect(marks(await examine('late-listen.cjs', { args: ['--wait', '0'] }))).toEqual([])
  })

  it('stores in memory, not those elsewhere', async () => {
    expect(marks(await examine('stores.mjs'))).toEqual(['session-store:6', 'rate-limit-store:7'])
    expect(marks(await examine('outer-stores.mjs'))).toEqual([])
  })

  it('timers that were started, and those in handlers', async () => {
    const examination = await examine('timers.mjs')
    expect(marks(examination)).toEqual(['timer:5', 'timer:6', 'timer:8'])
    expect(examination.findings.filter(isNotable).map(({ what }) => /\d+ ms/.exec(what)?.[0])).toEqual([
      '60000 ms',
      '5000 ms',
      undefined,
    ])
  })

  it('writes, but not those to the temporary folder', async () => {
    const file = copyOf('writes.mjs')
    const examination = await examine(file, { env: { DOCTOR_FOLDER: join(file, '..') } })
    expect(marks(examination)).toEqual([8, 9, 10, 11, 12, 13].map((line) => `file-write:${line}`))
    expect(examination.findings.find(({ line }) => line === 10)?.what).toMatch(/uploads is written .* by multer$/)
    expect(marks(await examine('temporary-writes.mjs', { env: { DOCTOR_FOLDER: makeFolder() } }))).toEqual([])
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
    const whats = findings.filter(isNotable).map(({ rule, what }) => `${rule} ${what}`)
    expect(whats.slice(0, 3)).toEqual([
      `static-folder files are served from ${DOCTOR_FOLDER}`,
      expect.stringMatching(/^large-file .*(data\.json has 6\.7 MB|sub\/film\.mp4 has 4\.8 MB)$/),
      expect.stringMatching(/^large-file .*(data\.json has 6\.7 MB|sub\/film\.mp4 has 4\.8 MB)$/),
    ])
    expect(whats.slice(3)).toEqual(
      file === 'folders.mjs' ? ['static-folder files are served from gone, which does not exist'] : [],
    )
  })

  it('a large file that a handler sends', async () => {
    const cwd = makeFolder()
    expect(marks(await examineAlone('send-file.mjs', { cwd }))).toEqual([])
    writeFileSync(join(cwd, 'doctor-film.mp4'), Buffer.alloc(5_000_000))
    expect(marks(await examineAlone('send-file.mjs', { cwd }))).toEqual(['large-file:5'])
  })

  it('requests larger than an event', async () => {
    expect(marks(await examine('large-requests.mjs'))).toEqual(['large-request:3', 'large-request:5'])
  })

  it('streaming, unless the handler streams', async () => {
    expect(marks(await examine('streams.ts'))).toEqual(['streaming:6', 'streaming:7', 'streaming:9'])
    expect(marks(await examine('streams-streaming.ts'))).toEqual([])
  })

  it('server-sent events that wait for the client to go, unless the handler streams', async () => {
    expect(marks(await examine('endless.mjs'))).toEqual(['streaming:6', 'client-gone:8', 'streaming:9'])
  })

  it('error-stacks: only of real Express, without NODE_ENV and without an error handler', async () => {
    const has = async (file: string, env = {}) =>
      (await examine(file, { env })).findings.some(({ rule }) => rule === 'error-stacks')
    expect(await has('server-only.mjs')).toBe(true)
    expect(await has('server-only.mjs', { NODE_ENV: 'production' })).toBe(false)
    expect(await has('healthy.ts')).toBe(false)
    expect(await has('handles-errors.mjs')).toBe(false)
  })

  it('settings and middleware, of an application that a function makes', async () => {
    const examination = await examine('settings.mjs', { args: ['--export', 'createApp'] })
    expect(marks(examination)).toEqual(['cluster:1', 'trust-proxy:7', 'views:8', 'compression:9'])
    expect(examination.entries[0]).toMatchObject({ handlers: ['compression'], package: 'compression' })
  })

  it('files of the application beside the one that is named', async () => {
    const { files, findings, entries } = await examine('parts.mjs')
    expect(files.map((file) => relative(fixtures, file))).toEqual(['parts.mjs', 'parts/index.js', 'parts-routes.mjs'])
    expect(
      findings.filter(isNotable).map(({ rule, file, line }) => `${rule} ${relative(fixtures, file!)}:${line}`),
    ).toEqual(['streaming parts-routes.mjs:5'])
    expect(entries).toMatchObject([{ path: '/parts/events', methods: ['GET'] }])
  })

  it('caches in memory', async () => {
    expect(marks(await examine('caches.cjs'))).toEqual(['memory-cache:3'])
  })

  it('errors that nobody catches', async () => {
    const examination = await examine('fails-later.mjs', { args: ['--wait', '200'] })
    expect(marks(examination)).toEqual(['load-error:-'])
    expect(examination.findings.at(-1)?.what).toBe('after it was loaded it threw Error: ECONNREFUSED 127.0.0.1:5432')
  })

  it('have all been seen here', () => {
    const text = readFileSync(import.meta.filename, 'utf8')
    expect(Object.keys(rules).filter((rule) => !new RegExp(`['\`]${rule}[: ]`).test(text))).toEqual([])
  })
})

describe.concurrent('an application of which only the handler is exported', () => {
  it.each([
    ['only-handler.ts', '@expressway/express-shim'],
    ['only-stream-handler.ts', '@expressway/express-shim'],
    ['only-listener.ts', 'Express 5'],
    ['only-own-handler.mjs', 'Express 5'],
  ])('%s', async (file, kind) => {
    const { application, entries, failure } = await examine(file)
    expect(failure).toBeUndefined()
    expect(application).toEqual({ kind, origin: expect.stringMatching(/^behind export "(handler|streamHandler)"$/) })
    expect(entries.map(({ path }) => path)).toEqual(['/hello/:username'])
  })
})

describe.concurrent('routes and middleware', () => {
  const listed = async (file: string) => {
    const { entries } = await examine(file)
    return entries.map(({ methods, path, handlers, line }) => `${methods} ${path} ${handlers} ${line}`)
  }

  it('of the shim, with routers and their prefixes', async () => {
    expect(await listed('healthy.ts')).toEqual([
      ' / log 21',
      'GET /users/:id showUser 13',
      'POST /users jsonParser,createUser 16',
      'GET /files/*path <anonymous> 25',
      ' /any <anonymous> 26',
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

describe.concurrent('the command', () => {
  it('prints JSON', async () => {
    const { code, out } = await doctor('caches.cjs', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      application: { kind: 'Express 5', origin: 'as export "app"' },
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
        { rule: 'error-stacks', what: 'errors are answered with their stack', ...rules['error-stacks'] },
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
    const env = { ...process.env, NODE_OPTIONS: '' }
    const args = [program, 'doctor', 'server-only.mjs', '--wait', '0']
    const { stdout, stderr } = await run(process.execPath, args, { env })
    expect(stderr).toBe('listening\n')
    expect(stdout).toBe(`server-only.mjs: Express 5, found as its server

Routes and middleware, in order:
  GET  /  <anonymous>  server-only.mjs:4

4 findings.

the module exports no handler  [handler]
  why  ${rules.handler.why}
  fix  ${rules.handler.fix}

errors are answered with their stack  [error-stacks]
  why  ${rules['error-stacks'].why}
  fix  ${rules['error-stacks'].fix}

server-only.mjs:5  listen(3000) is called while the module is loaded  [listen]
  why  ${rules.listen.why}
  fix  ${rules.listen.fix}

server-only.mjs:5  process.env.PORT is read  [port]
  why  ${rules.port.why}
  fix  ${rules.port.fix}
`)
  })

  it.each([
    [
      ['no-app.mjs'],
      'no-app.mjs has no Express application (it exports handler). Export the application, or name the export that makes it by --export.\n',
    ],
    [['no-app.mjs', '--export', 'handler'], 'no-app.mjs has no Express application: its export "handler" is none.\n'],
  ])('says so if there is no application: %j', async (args, message) => {
    expect(await doctor(...args)).toEqual({ code: 1, out: '', err: `expressway: ${message}` })
  })

  it('says that an application of core needs no examination', async () => {
    const { code, out, err } = await doctor('core.mjs', '--json')
    expect(code).toBe(1)
    expect(err).toContain('An application of @expressway/core is made for Lambda and needs no examination.')
    expect(JSON.parse(out)).toMatchObject({ entries: [], failure: { detail: '' } })
  })

  it('says in one line why a module is not loaded, and which paths Express 5 refuses', async () => {
    const { code, out, err } = await doctor('refused-path.mjs')
    expect(code).toBe(1)
    expect(out).toContain("refused-path.mjs:5  the path '/files/*' has a wildcard without a name  [express-4-path]")
    expect(out).toContain("refused-path.mjs:6  the path '/a/:b?' has")
    expect(err.split('\n')[0]).toMatch(/^expressway: refused-path\.mjs cannot be loaded: TypeError: Missing param/)
  })

  it.each([
    ['throws.mjs', 'cannot be loaded: Error: DATABASE_URL is not set (throws.mjs:4)'],
    ['exits.mjs', 'cannot be loaded: it ended the process with exit status 3.'],
  ])('%s: %s', async (file, message) => {
    const { code, out, err } = await doctor(file)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(`expressway: ${file} ${message}`)
  })

  it.each([
    [[], 'name the application'],
    [['healthy.ts', 'stores.mjs'], 'name one file, not 2'],
    [['absent.ts'], 'there is no file absent.ts'],
    [['healthy.ts', '--wait', 'long'], '--wait takes a whole number'],
    [['healthy.ts', '--fix'], 'doctor has no option "--fix"'],
  ])('wrong usage: %j', async (args, message) => {
    const { code, err } = await ask(['doctor', ...args])
    expect(code).toBe(2)
    expect(err).toContain(message)
  })
})
