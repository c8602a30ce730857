// What `expressway bundle` writes runs by itself, and answers alike whatever becomes of its compile cache.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixture, runCommand } from './command-support.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'expressway-bundle-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const node22 = join(dirname(createRequire(import.meta.url).resolve('node22/package.json')), 'bin/node')
const source = fixture('bundled.ts')

interface Call {
  path?: string
  node?: string
  flags?: string[]
  env?: NodeJS.ProcessEnv
}

/** Calls the handler in a process of its own, and gives what it answers and what Node says of its compile cache. */
function call(file: string, { path = '/hello/ada', node = process.execPath, flags = [], env = {} }: Call = {}) {
  const event = { httpMethod: 'GET', path, resource: '/{proxy+}', headers: {}, requestContext: {} }
  const script = `import(${JSON.stringify(file)}).then(async ({ handler }) => {
    const { statusCode, body } = await handler(${JSON.stringify(event)}, {})
    console.log(statusCode + ' ' + body)
  })`
  const { NODE_OPTIONS, NODE_COMPILE_CACHE, ...own } = process.env
  const options = { encoding: 'utf8', env: { ...own, ...env }, timeout: 30_000 } as const
  const { stdout, stderr } = spawnSync(node, [...flags, '-e', script], options)
  return { answer: stdout.trim(), said: stderr }
}

const hello = '200 {"hello":"ada","letters":"ABCDEFGH"}'

describe('expressway bundle', () => {
  it.each([
    ['esm', 'mjs'],
    ['cjs', 'cjs'],
  ])('as %s runs by itself in Node.js 22.12 and in this one', async (format, extension) => {
    const out = join(folder, format)
    const { code, out: said } = await runCommand('bundle', source, '--out', out, '--format', format, '--minify')
    expect([code, said.split('\n').at(-2)]).toEqual([0, "The function's handler is bundled.handler."])
    expect(readdirSync(out).sort()).toEqual([`bundled.${extension}`, `bundled.${extension}.map`])
    const file = join(out, `bundled.${extension}`)
    expect(call(file).answer).toBe(hello)
    expect(call(file, { node: node22 }).answer).toBe(hello)
    const { said: log } = call(file, { path: '/fails', flags: ['--enable-source-maps'] })
    expect(log).toMatch(/NamedByTheSource.*bundled\.ts:6:9/s)
  })

  it('gives CommonJS packages in an ES module what they require', async () => {
    const out = join(folder, 'commonjs')
    expect((await runCommand('bundle', fixture('bundled-express.ts'), '--out', out)).code).toBe(0)
    expect(call(join(out, 'bundled-express.mjs'), { node: node22 }).answer).toBe('200 {"router":"function"}')
  })

  it('says in one sentence that the zip cannot be written', async () => {
    const out = join(folder, 'unzipped')
    mkdirSync(`${out}.zip`)
    const { code, err } = await runCommand('bundle', source, '--out', out, '--zip')
    expect(code).toBe(1)
    expect(err).toMatch(/^expressway: .*unzipped\.zip cannot be written: EISDIR.*: name another folder by --out\.\n$/)
  })

  it('leaves out what is external, and zips the same bytes each time', async () => {
    const out = join(folder, 'zipped')
    const zip = async () => {
      expect((await runCommand('bundle', source, '--out', out, '--external', '@expressway/*', '--zip')).code).toBe(0)
      return readFileSync(`${out}.zip`)
    }
    const first = await zip()
    expect((await zip()).equals(first)).toBe(true)
    const files = unzipSync(first)
    expect(Object.keys(files)).toEqual(['bundled.mjs', 'bundled.mjs.map'])
    expect(Buffer.from(files['bundled.mjs']!).toString()).toContain('from "@expressway/core"')
  })

  it.each([
    [['nowhere.ts'], 2, /there is no file nowhere\.ts/],
    [[], 2, /name the handler/],
    [[source, '--format', 'amd'], 2, /--format takes esm or cjs, not "amd"/],
    [[source, '--format', 'cjs', '--compile-cache'], 2, /--compile-cache needs --format esm/],
    [[source, '--minfy'], 2, /has no option "--minfy".*--minify/],
  ])('%j: one clear sentence', async (args, code, message) => {
    const { code: status, err } = await runCommand('bundle', ...args)
    expect([status, err]).toEqual([code, expect.stringMatching(message)])
  })

  it('does not replace its source', async () => {
    const file = join(folder, 'mine.mjs')
    writeFileSync(file, 'export const handler = () => 1\n')
    const { code, err } = await runCommand('bundle', file, '--out', folder)
    expect([code, err]).toEqual([1, expect.stringMatching(/would replace it: name another folder by --out/)])
    expect(readFileSync(file, 'utf8')).toContain('handler')
  })

  it('says which line cannot be bundled, and that a module exports nothing', async () => {
    const broken = join(folder, 'broken.mjs')
    writeFileSync(broken, "import './missing.js'\n")
    const failed = await runCommand('bundle', broken, '--out', join(folder, 'none'))
    expect([failed.code, failed.err]).toEqual([
      1,
      expect.stringMatching(/cannot be bundled\.\n.*broken\.mjs:1: Could not/),
    ])
    writeFileSync(broken, 'const handler = () => {}\n')
    const nothing = await runCommand('bundle', broken, '--out', join(folder, 'none'))
    expect([nothing.code, nothing.err]).toEqual([1, expect.stringMatching(/exports nothing.*export const handler/)])
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })
})

describe('expressway bundle --compile-cache', () => {
  let made: string
  const cacheOf = ['bundled.cache', 'bundled.gc.cache'] as const

  beforeAll(async () => {
    made = join(folder, 'made')
    const { code, out } = await runCommand('bundle', source, '--out', made, '--compile-cache', '--task-root', made)
    expect([code, out]).toEqual([0, expect.stringMatching(/Loading takes [\d.]+ ms of CPU with it, [\d.]+ without/)])
  }, 60_000)

  /** A change to the files that are deployed, an answer, and a change back. */
  function answers(change: () => void, options: Call = {}) {
    const kept = join(folder, 'kept')
    const scratch = mkdtempSync(join(folder, 'tmp-'))
    cpSync(made, kept, { recursive: true })
    try {
      change()
      const env = { AWS_LAMBDA_FUNCTION_NAME: 'f', TMPDIR: scratch, NODE_DEBUG_NATIVE: 'COMPILE_CACHE', ...options.env }
      const { answer, said } = call(join(made, 'bundled.mjs'), { ...options, env })
      return { answer, accepted: /V8 code cache for ESM [^ ]*bundled\.bundle\.mjs was accepted/.test(said), said }
    } finally {
      cpSync(kept, made, { recursive: true })
      rmSync(scratch, { recursive: true, force: true })
    }
  }
  const rmAll = () => {
    for (const file of cacheOf) rmSync(join(made, file))
  }
  const bytesOf = (file: string) => readFileSync(join(made, file))
  const damage = (alter: (bytes: Buffer) => Buffer) => () => {
    for (const file of cacheOf) writeFileSync(join(made, file), alter(bytesOf(file)))
  }
  const flip = (at: number) =>
    damage((bytes) => {
      bytes[Math.floor(bytes.length * at)]! ^= 0x55
      return bytes
    })
  const replace = (file: string, from: string, to: string) => () => {
    const text = bytesOf(file).toString()
    expect(text).toContain(from)
    writeFileSync(join(made, file), text.replaceAll(from, to))
  }

  it.each([[[]], [['--expose-gc', '--max-semi-space-size=6', '--max-old-space-size=116']]])(
    'is used with the flags %j',
    (flags) => expect(answers(() => {}, { flags })).toMatchObject({ answer: hello, accepted: true }),
  )

  it('made for another folder is not looked for, and neither outside of Lambda', () => {
    expect(answers(replace('bundled.mjs', JSON.stringify(made).slice(1, -1), '/var/task'))).toMatchObject({
      answer: hello,
      accepted: false,
    })
    expect(answers(() => {}, { env: { AWS_LAMBDA_FUNCTION_NAME: '' } })).toMatchObject({
      answer: hello,
      accepted: false,
    })
  })

  it.each([
    ['a flipped bit in the header', flip(0.00001)],
    ['a flipped bit in the middle', flip(0.5)],
    ['a flipped bit near the end', flip(0.99)],
    ['half of it', damage((bytes) => bytes.subarray(0, bytes.length / 2))],
    ['nothing of it', damage(() => Buffer.alloc(0))],
    ['other bytes', damage((bytes) => Buffer.alloc(bytes.length, 7))],
  ])('with %s counts as none', (_what, change) =>
    expect(answers(change)).toMatchObject({ answer: hello, accepted: false }),
  )

  it('that is missing counts as none', () =>
    expect(answers(rmAll)).toMatchObject({
      answer: hello,
      accepted: false,
    }))

  it('of another source of the same length is not used', () =>
    expect(answers(replace('bundled.bundle.mjs', 'ABCDEFGH', 'HGFEDCBA'))).toMatchObject({
      answer: hello.replace('ABCDEFGH', 'HGFEDCBA'),
      accepted: false,
    }))

  it('of another version of Node.js is not used, even if the version is not compared', () => {
    expect(answers(() => {}, { node: node22 })).toMatchObject({ answer: hello, accepted: false })
    expect(answers(replace('bundled.mjs', `'${process.version}'`, 'process.version'), { node: node22 })).toMatchObject({
      answer: hello,
      accepted: false,
    })
  })

  it('made with other flags is not used', () => {
    const swap = () => cpSync(join(made, cacheOf[0]), join(made, cacheOf[1]))
    expect(answers(swap, { flags: ['--expose-gc'] })).toMatchObject({ answer: hello, accepted: false })
  })

  it('has no effect if nothing can be written', () =>
    expect(answers(() => {}, { env: { TMPDIR: join(made, 'bundled.mjs') } })).toMatchObject({
      answer: hello,
      accepted: false,
    }))

  it('is used again when the environment starts again', () => {
    const scratch = mkdtempSync(join(folder, 'again-'))
    mkdirSync(scratch, { recursive: true })
    for (const _start of [1, 2])
      expect(answers(() => {}, { env: { TMPDIR: scratch } })).toMatchObject({ answer: hello, accepted: true })
  })

  it('is made without running the handler', async () => {
    const file = join(folder, 'throws.mjs')
    writeFileSync(file, "process.env.NEVER_SET.length\nexport const handler = () => 'never'\n")
    const out = join(folder, 'throws')
    const { code, out: said } = await runCommand('bundle', file, '--out', out, '--compile-cache')
    expect([code, said]).toEqual([0, expect.stringContaining('Its gain is not known')])
    expect(readdirSync(out)).toContain('throws.cache')
  })
})
