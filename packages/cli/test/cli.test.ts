import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gatewayAliases, gatewayNames } from '@expressway/testing/gateway'
import { build } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { plugins } from '../build.ts'
import { commands } from '../src/commands.ts'
import { ask, program } from './command-support.ts'
import { curl, until } from './server-support.ts'

let folder: string

const cwd = process.cwd()
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'expressway-cli-')))
  await write('package.json', '{"type":"module"}')
  process.chdir(folder)
  // A package manager that runs this test sets it.
  vi.stubEnv('INIT_CWD', undefined)
})
afterAll(() => {
  process.chdir(cwd)
  vi.unstubAllEnvs()
  return rm(folder, { recursive: true, force: true })
})

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

interface Running {
  readonly pid: number
  out: string
  err: string
  exited: Promise<number | null>
  kill(signal: NodeJS.Signals): void
}

function start(args: string[], { input = '', env = {} as Record<string, string>, bin = program } = {}): Running {
  const { NODE_OPTIONS: _, ...inherited } = process.env
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, env: { ...inherited, ...env } })
  const running: Running = {
    pid: child.pid!,
    out: '',
    err: '',
    exited: new Promise((resolve) => child.once('close', (code) => resolve(code))),
    kill: (signal) => void child.kill(signal),
  }
  child.stdout.on('data', (chunk) => (running.out += chunk))
  child.stderr.on('data', (chunk) => (running.err += chunk))
  child.stdin.end(input)
  onTestFinished(() => void child.kill('SIGKILL'))
  return running
}

async function run(args: string[], options?: Parameters<typeof start>[1]) {
  const running = start(args, options)
  const code = await running.exited
  return { code, out: running.out, err: running.err }
}

/** A server that is ready for requests. */
async function serve(...args: string[]): Promise<Running & { url: string }> {
  const running = start(['dev', ...args, '--port', '0'])
  await until(() => running.out.includes('Ctrl-C') || running.err !== '')
  return Object.assign(running, { url: /http:\/\/[^ ]+/.exec(running.out)?.[0] ?? '' })
}

const hello = `export const handler = async (event: { rawPath: string }): Promise<object> => {
  console.log('the handler prints')
  return { statusCode: 200, body: 'Hello ' + event.rawPath }
}
`

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('expressway', () => {
  it('is a program that lists its commands', async () => {
    const { code, out, err } = await run(['--help'])
    expect([code, err]).toEqual([0, ''])
    // Each in the list, and in an example.
    for (const name of Object.keys(commands)) {
      expect(out).toContain(`\n  ${name} `)
      expect(out).toContain(`\n  expressway ${name} `)
    }
    expect(await ask([])).toMatchObject({ code: 0, out })
  })

  it.each(Object.keys(commands))('teaches %s: usage, examples and exit codes', async (name) => {
    const { code, out } = await ask([name, '--help'])
    expect(code).toBe(0)
    expect(out).toMatch(new RegExp(`^Usage: expressway ${name} `))
    expect(out.match(new RegExp(`^ {2}.*expressway ${name} `, 'gm'))!.length).toBeGreaterThanOrEqual(3)
    expect(out).toMatch(/^Exit codes: 0.*2 for wrong usage\.$/m)
    expect(out.split('\n').filter((line) => line.length > 120)).toEqual([])
    expect(await ask(['help', name])).toMatchObject({ code: 0, out })
  })

  it.each(['dev', 'event', 'invoke'])('teaches %s every gateway and its short names', async (name) => {
    const { out } = await ask([name, '--help'])
    const words = out.split(/[\s,()]+/)
    const names = gatewayNames.flatMap((gateway) => [gateway, ...gatewayAliases(gateway)])
    expect(names.filter((gateway) => !words.includes(gateway))).toEqual([])
  })

  it.each([
    [['serve'], 'there is no command "serve". The commands are dev, invoke, event'],
    [['dve'], 'there is no command "dve". Did you mean "dev"?'],
    [['dev'], 'name the handler: expressway dev FILE.'],
    [['dev', 'no.ts'], 'there is no file no.ts'],
    [['dev', tmpdir()], `${tmpdir()} is a folder: name a file in it.`],
    [['dev', 'a.ts', 'b.ts'], 'name one handler file, not 2: a.ts b.ts'],
    [['dev', 'hello.ts', '--gateway', 'nginx'], 'there is no gateway "nginx". The gateways are rest-api, '],
    [['dev', 'hello.ts', '--port', 'x'], '--port takes a whole number from 0 to 65535, not "x"'],
    [['dev', 'hello.ts', '--port', '70000'], '--port takes a whole number'],
    [['dev', 'hello.ts', '--timeout', '0'], '--timeout takes a whole number from 1 to 900'],
    [['dev', 'hello.ts', '--wach'], 'dev has no option "--wach". Did you mean "--watch"? expressway dev --help lists'],
    [['dev', 'hello.ts', '--port'], "Option '-p, --port <value>' argument missing"],
    [['dev', 'hello.ts', '--gateway-options', '[1]'], '--gateway-options takes a JSON object, not [1]'],
    [['event'], 'name a gateway and a path: expressway event http-api GET /hello/ada.'],
    [['event', 'htp-api'], 'there is no gateway "htp-api". Did you mean "http-api"? The gateways are rest-api, '],
    [['event', 'alb'], 'name a gateway and a path: expressway event alb GET /hello/ada.'],
    [['event', '/hello', 'http-api'], 'the gateway comes before the path: expressway event http-api /hello.'],
    [['event', 'alb', '/hello', 'GET'], 'the method comes before the path: expressway event alb GET /hello.'],
    [['event', 'http-api', 'GET', 'hello'], 'a path starts with "/", and "hello" does not.'],
    [['event', 'http-api', '/', '-H', 'nocolon'], 'a header is \'name: value\', not "nocolon".'],
    [['event', 'http-api', '/', '-d', '@no.bin'], 'there is no file no.bin'],
    [['invoke', '--handler', 'hello.ts'], 'name the event: expressway invoke EVENT.json --handler FILE.'],
    [['invoke', 'package.json'], 'name the handler by --handler: expressway invoke EVENT.json --handler FILE.'],
    [
      ['invoke', 'src/app.ts', 'event.json'],
      'src/app.ts is a program, not an event. The handler is named by --handler: expressway invoke event.json --handler src/app.ts.',
    ],
    [['invoke', 'app.mjs'], 'expressway invoke EVENT.json --handler app.mjs.'],
    [['invoke', `${import.meta.dirname}/../README.md`, '--handler', 'hello.ts'], 'README.md is not JSON: '],
  ])('refuses wrong usage with one line: %o', async (args, message) => {
    const { code, out, err } = await ask(args)
    expect(err).toContain(`expressway: ${message.startsWith('README') || args[1] === 'app.mjs' ? '' : message}`)
    expect(err).toContain(message)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect([code, out]).toEqual([2, ''])
  })
})

describe('expressway event', () => {
  it('prints the event of a request', async () => {
    const { code, out } = await ask(['event', 'http-api', 'GET', '/hello/ada?lang=en', '-H', 'X-Up: 1'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      version: '2.0',
      rawPath: '/hello/ada',
      rawQueryString: 'lang=en',
      headers: { 'x-up': '1' },
      requestContext: { http: { method: 'GET' } },
    })
  })

  it('takes bodies, short names and the options of the gateway', async () => {
    const { out } = await ask(['event', 'rest', '/v', '--json', '{"a":1}', '--stage', 'dev', '--compact'])
    expect(out.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(out)).toMatchObject({
      httpMethod: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
      requestContext: { stage: 'dev' },
    })
    const piped = await run(['event', 'alb', 'PUT', '/', '-d', '@-'], { input: 'bytes' })
    expect(JSON.parse(piped.out)).toMatchObject({ httpMethod: 'PUT', body: Buffer.from('bytes').toString('base64') })
    const claims = ['--gateway-options', '{"claims":{"sub":"ada"}}']
    expect((await ask(['event', 'http-api', '/', ...claims])).out).toContain('"sub": "ada"')
  })
})

describe('expressway invoke', () => {
  it('prints the result of a recorded event, and only that', async () => {
    await write('hello.ts', hello)
    await write('event.json', '{"rawPath":"/ada"}')
    const { code, out, err } = await run(['invoke', 'event.json', '--handler', 'hello.ts'])
    expect(JSON.parse(out)).toEqual({ statusCode: 200, body: 'Hello /ada' })
    expect([code, err]).toEqual([0, 'the handler prints\n'])
    const piped = await run(['invoke', '-', '--handler', 'hello.ts', '--compact'], { input: '{"rawPath":"/in"}' })
    expect(piped.out).toBe('{"statusCode":200,"body":"Hello /in"}\n')
  })

  it('runs handlers of events that are no HTTP', async () => {
    await write('queue.ts', 'export default async (event) => ({ batchItemFailures: event.Records.slice(1) })')
    await write('queue.json', '{"Records":[{"a":1},{"b":2}]}')
    const { code, out } = await ask(['invoke', 'queue.json', '--handler', 'queue.ts', '--compact'])
    expect([code, out]).toEqual([0, '{"batchItemFailures":[{"b":2}]}\n'])
  })

  it('prints the response that a gateway makes of it', async () => {
    await write('odd.ts', 'export const handler = async () => ({ multiValueHeaders: { a: ["b"] }, statusCode: 200 })')
    await write('event.json', '{}')
    const args = ['invoke', 'event.json', '--handler', 'odd.ts', '--gateway', 'http-api']
    const { code, out, err } = await ask(args)
    expect(out).toMatch(/^HTTP\/1\.1 200 OK\n/)
    expect(err).toMatch(/^warning: multiValueHeaders is ignored/)
    expect(code).toBe(0)
  })

  it('prints one object for programs', async () => {
    await write(
      'json.ts',
      'export const handler = async ({ fail }) => { if (fail) throw new TypeError("no"); return "ok" }',
    )
    await write('event.json', '{}')
    await write('fail.json', '{"fail":true}')
    const good = await ask(['invoke', 'event.json', '--handler', 'json.ts', '--json', '--gateway', 'http-api'])
    expect(JSON.parse(good.out)).toEqual({
      result: 'ok',
      durationMs: expect.any(Number),
      response: expect.objectContaining({ status: 200, body: 'ok', isBase64Encoded: false, warnings: [] }),
    })
    expect([good.code, good.err]).toEqual([0, ''])
    const bad = await ask(['invoke', 'fail.json', '--handler', 'json.ts', '--json', '--compact'])
    expect(JSON.parse(bad.out)).toMatchObject({ error: { errorType: 'TypeError', errorMessage: 'no' } })
    expect([bad.code, bad.err, bad.out.trimEnd().split('\n').length]).toEqual([1, '', 1])
  })

  it('collects what a streaming handler writes', async () => {
    await write(
      'stream.ts',
      `export const handler = awslambda.streamifyResponse(async (event, stream) => {
        const body = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { a: 'b' } })
        body.write('one ')
        body.end('two')
      })`,
    )
    await write('event.json', '{}')
    const { code, out } = await ask(['invoke', 'event.json', '--handler', 'stream.ts'])
    expect(JSON.parse(out)).toEqual({ statusCode: 201, headers: { a: 'b' }, body: 'one two', isBase64Encoded: false })
    expect(code).toBe(0)
  })

  it.each([
    ['throw new RangeError("no such order")', /^RangeError: no such order\n {4}at .*fails\.ts/],
    ['throw "text"', /^string: text\n$/],
    ['return { big: 1n }', /^Runtime\.JSONStringifyError: Unable to stringify response body/],
    ['process.exit(3)', /^The handler's process ended with exit status 3\n$/],
    ['setTimeout(() => { throw new Error("later") }); await new Promise(() => {})', /^Error: later\n/],
    ['Promise.reject(new Error("nobody")); await new Promise(() => {})', /Error: nobody/],
  ])('exits with 1 where the handler fails: %s', async (body, expected) => {
    await write('fails.ts', `export const handler = async () => { ${body} }`)
    await write('event.json', '{}')
    const { code, out, err } = await ask(['invoke', 'event.json', '--handler', 'fails.ts'])
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(expected)
  })

  it('finds the event where the person was, the handler where the script is', async () => {
    await write('hello.ts', hello)
    const there = await mkdtemp(join(tmpdir(), 'expressway-there-'))
    onTestFinished(() => rm(there, { recursive: true }))
    await writeFile(join(there, 'mine.json'), '{"rawPath":"/there"}')
    const { out } = await run(['invoke', '--handler', 'hello.ts', 'mine.json'], { env: { INIT_CWD: there } })
    expect(JSON.parse(out).body).toBe('Hello /there')
  })
})

describe('expressway dev', () => {
  it('serves TypeScript as it is, logs a line for each request and ends at Ctrl-C', async () => {
    await write('greeting.ts', 'export const greeting: string = "Hello"')
    await write(
      'imports.ts',
      `import { greeting } from './greeting.ts'
      export const handler = async (event: any) => { console.log('from the handler'); return greeting + event.path }`,
    )
    const server = await serve('imports.ts', '--gateway', 'rest-api')
    expect(server.out).toMatch(/^imports\.ts is at http:\/\/127\.0\.0\.1:\d+ behind rest-api; Ctrl-C stops it\.\n/)
    // A REST API wants an object.
    expect(await curl('-w', ' %{http_code}', `${server.url}/x`)).toBe('{"message": "Internal server error"} 502')
    await until(() => server.out.includes('GET /x 502'))
    expect(server.out).toContain('from the handler\n')
    expect(server.out).toMatch(/GET \/x 502 [\d.]+ ms \d+ B 1 warning\n {2}warning: The function returned a string/)
    server.kill('SIGINT')
    expect(await server.exited).toBe(0)
    expect(server.err).toBe('')
  })

  it.each([
    ['an object with a handler', 'export const app = { handler: async () => "ok" }', []],
    ['a function with a handler', 'export default Object.assign(() => "no", { handler: async () => "ok" })', []],
    ['a named export', 'export const handler = 1; export const other = async () => "ok"', ['--export', 'other']],
    ['a member of an export', 'export const app = { deep: { run: async () => "ok" } }', ['--export', 'app.deep.run']],
    [
      'a streaming handler',
      'export const handler = awslambda.streamifyResponse(async (_, stream) => { stream.end("ok") })',
      ['--gateway', 'function-url'],
    ],
  ])('finds %s', async (_, source, args) => {
    await write('found.ts', source)
    const server = await serve('found.ts', ...args)
    expect(await curl(server.url)).toBe('ok')
  })

  it('finds the handler of a CommonJS module', async () => {
    const path = await write(
      'old.cjs',
      'const make = (name) => ({ [name]: async () => "ok" }); module.exports = make("handler")',
    )
    const server = await serve(path)
    expect(await curl(server.url)).toBe('ok')
  })

  it.each([
    [
      'export const other = 1',
      'bad.ts has no handler: it exports no handler (it exports other); --export names another.',
    ],
    ['', 'bad.ts has no handler: it exports no handler (it exports nothing); --export names another.'],
    ['export const handler = "x"', 'bad.ts has no handler: its export "handler" is a string, not a Lambda handler.'],
    ['export const handler = (event, context, callback) => {}', 'bad.ts has no handler: its export "handler" takes 3'],
    ['export const app = Object.assign(() => {}, { use() {}, listen() {} })', 'is a Node (req, res) application, not'],
    ['export const a = 1\nconst b: = 2', /bad\.ts cannot be loaded: SyntaxError: .* \(bad\.ts:2\)/],
    ['enum Colour { Red }', /bad\.ts cannot be loaded: .*enum.* \(bad\.ts:1\)\. Node only takes types away/],
    ['import "./broken.js"', /bad\.ts cannot be loaded: SyntaxError: Unexpected token '=' \(.*broken\.js:2\)/],
    [
      'import "./nowhere.ts"',
      /bad\.ts cannot be loaded: Error: Cannot find module .*nowhere\.ts.* Node wants imports with/,
    ],
    ['process.exit(4)', /bad\.ts ended the process while it was loaded: .* exit status 4/],
  ])('refuses a handler file in one line: %s', async (source, message) => {
    await write('broken.js', 'export const a = 1\nconst b = = 2\n')
    await write('bad.ts', source)
    const { code, out, err } = await ask(['dev', 'bad.ts', '--port', '0'])
    expect([code, out]).toEqual([1, ''])
    if (typeof message === 'string') expect(err).toContain(message)
    else expect(err).toMatch(message)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })

  it('shows the stack where the module itself throws', async () => {
    await write('throws.ts', '\nthrow new Error("no database")')
    const { code, err } = await ask(['dev', 'throws.ts', '--port', '0'])
    expect(code).toBe(1)
    expect(err).toMatch(
      /^expressway: throws\.ts cannot be loaded: Error: no database \(throws\.ts:2\)\nError: no database\n {4}at/,
    )
  })

  it('answers only under its own name, unless another one is allowed', async () => {
    await write('hello.ts', hello)
    const server = await serve('hello.ts', '--allow-host', 'tenant.test')
    const under = (host: string) => curl('-w', ' %{http_code}', '-H', `host: ${host}`, `${server.url}/x`)
    expect(await under('evil.example')).toMatch(/^The host "evil\.example" is not allowed: .*--allow-host.*\n 403$/)
    expect(await under('tenant.test:80')).toBe('Hello /x 200')
    expect(await under('localhost')).toBe('Hello /x 200')
    expect(server.out.match(/the handler prints/g)).toHaveLength(2)
  })

  it('says that a port is in use', async () => {
    await write('hello.ts', hello)
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const { code, err } = await ask(['dev', 'hello.ts', '--port', String(port)])
    taken.close()
    expect(code).toBe(1)
    expect(err).toMatch(new RegExp(`^expressway: Port ${port} of 127\\.0\\.0\\.1 is in use: [^\\n]*\\n$`))
  })

  it('lives on when the handler throws, crashes, ends its process or hangs', async () => {
    await write(
      'wild.ts',
      `export const handler = async ({ rawPath }: { rawPath: string }) => {
        if (rawPath === '/throw') throw new Error('thrown')
        if (rawPath === '/crash') { setTimeout(() => { throw new Error('crashed') }); await new Promise(() => {}) }
        if (rawPath === '/exit') process.exit(7)
        if (rawPath === '/hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
        return 'ok'
      }`,
    )
    const server = await serve('wild.ts', '--timeout', '1')
    for (const path of ['/throw', '/crash', '/exit', '/hang']) {
      expect(await curl('-w', ' %{http_code}', server.url + path)).toBe('{"message":"Internal Server Error"} 500')
      expect(await curl(server.url)).toBe('ok')
    }
    expect(server.out).toMatch(/GET \/throw 500 .*\n.*\n {2}Error: thrown\n {6}at .*wild\.ts/)
    expect(server.out).toMatch(/GET \/crash 500 .*\n.*\n {2}Error: crashed\n/)
    expect(server.out).toContain("The handler's process ended with exit status 7")
    expect(server.out).toContain("The handler's process ended with signal SIGKILL")
    server.kill('SIGTERM')
    expect(await server.exited).toBe(0)
  })

  it('streams from the process that runs the handler, with back-pressure', async () => {
    await write(
      'flood.ts',
      `let written = 0
      export const handler = awslambda.streamifyResponse(async (event, stream) => {
        if (event.rawPath === '/count') return stream.end(String(written))
        for (; written < 500; written++) {
          if (!stream.write(Buffer.alloc(65536, 'a'))) await new Promise((resolve) => stream.once('drain', resolve))
        }
        stream.end()
      })`,
    )
    const server = await serve('flood.ts', '--gateway', 'function-url')
    const response = await fetch(server.url)
    const reader = response.body!.getReader()
    await reader.read()
    // It stands still once the buffers on the way are full.
    const counts = [-2, -1]
    while (counts.at(-1) !== counts.at(-2)) counts.push(Number(await curl(`${server.url}/count`)))
    expect(counts.at(-1)).toBeGreaterThan(0)
    expect(counts.at(-1)).toBeLessThan(400)
    await reader.cancel()
    await until(() => server.out.includes('GET / 200') && server.out.includes('(the client went away)'))
  })

  it('reloads the handler and what it imports, also after an error, and leaves no process behind', async () => {
    await write('part.ts', 'export const text = "one"')
    const main = (extra = '') =>
      write(
        'watched.ts',
        `import { text } from './part.ts'\nexport const handler = async () => text + process.pid${extra}`,
      )
    await main()
    const server = await serve('watched.ts', '--watch')
    const pids: number[] = []
    const answer = async () => {
      const [, text, pid] = /^([a-z]+)(\d*)$/.exec(await curl(server.url)) ?? []
      if (pid) pids.push(Number(pid))
      return text
    }
    expect(await answer()).toBe('one')

    await write('part.ts', 'export const text = "two"')
    await until(() => server.out.includes('reloaded in'))
    expect(await answer()).toBe('two')

    await write('part.ts', 'export const text = = "three"')
    await until(() => server.err.includes('cannot be loaded'))
    expect(server.out).toMatch(/^part\.ts changed: watched\.ts reloaded in \d+ ms\.$/m)
    expect(server.err).toMatch(/^part\.ts changed: watched\.ts cannot be loaded: SyntaxError: .*part\.ts:1\)\n$/)
    expect(await curl('-w', ' %{http_code}', server.url)).toBe('{"message":"Internal Server Error"} 500')

    // As some editors save: a new file in the old one's place.
    await rename(await write('part.ts.new', 'export const text = "four"'), join(folder, 'part.ts'))
    await until(() => server.out.split('reloaded in').length === 3)
    expect(await answer()).toBe('four')

    expect(new Set(pids).size).toBe(3)
    await until(() => pids.slice(0, -1).every((pid) => !isRunning(pid)))
    server.kill('SIGINT')
    expect(await server.exited).toBe(0)
    expect(pids.filter(isRunning)).toEqual([])
  })

  it('lets requests finish in the version that they began with', async () => {
    const source = (text: string) =>
      write(
        'slow.ts',
        `import { existsSync } from 'node:fs'
        import { setTimeout } from 'node:timers/promises'
        export const handler = async () => {
          console.log('${text} begins')
          while (!existsSync('go')) await setTimeout(10)
          return '${text}'
        }`,
      )
    await source('old')
    const server = await serve('slow.ts', '--watch')
    const before = curl(server.url)
    await until(() => server.out.includes('old begins'))
    await source('new')
    await until(() => server.out.includes('reloaded in'))
    const after = curl(server.url)
    await until(() => server.out.includes('new begins'))
    await write('go', '')
    expect([await before, await after]).toEqual(['old', 'new'])
  })

  it('ends the handler’s process when it is killed itself', async () => {
    await write('pid.ts', 'export const handler = async () => String(process.pid)')
    const server = await serve('pid.ts')
    const pid = Number(await curl(server.url))
    expect(isRunning(pid)).toBe(true)
    server.kill('SIGKILL')
    await until(() => !isRunning(pid))
  })
})

describe('the bundled command', () => {
  it('serves a handler and the inspect page', async () => {
    await write('hello.ts', hello)
    // Beside the package's own dependencies, as it is when published.
    const outdir = fileURLToPath(new URL('../node_modules/.bundled-command/', import.meta.url))
    onTestFinished(() => rm(outdir, { recursive: true, force: true }))
    await build({
      input: program,
      platform: 'node',
      external: (id) => !/^[./]/.test(id),
      checks: { ineffectiveDynamicImport: false },
      plugins,
      output: { dir: outdir, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
    })
    expect(existsSync(join(outdir, 'bin.mjs'))).toBe(true)
    const server = start(['dev', 'hello.ts', '--port', '0', '--inspect-page'], { bin: join(outdir, 'bin.mjs') })
    await until(() => server.out.includes('_expressway') || server.err !== '')
    const url = /http:\/\/[^ ]+/.exec(server.out)![0]
    expect(await curl(`${url}/x`)).toBe('Hello /x')
    expect(await curl(`${url}/_expressway`)).toContain('<title>Expressway invocations</title>')
  })
})
