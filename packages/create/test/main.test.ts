import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFiles } from '../src/folder.ts'
import { main } from '../src/main.ts'
import { version } from '../src/versions.ts'
import { typing } from './typing.ts'

let folder: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'expressway-create-')))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Asked {
  /** Keys, typed one after the other when a question waits. */
  readonly keys?: readonly string[]
  readonly environment?: NodeJS.ProcessEnv
}

async function create(args: string[], { keys, environment = {} }: Asked = {}) {
  let out = ''
  let err = ''
  const person = keys === undefined ? undefined : typing(keys)
  const code = await main(args, {
    terminal: {
      program: 'create',
      print: (text) => void (out += `${text}\n`),
      printError: (text) => void (err += `${text}\n`),
      paint: (_colour, text) => text,
      progress: () => () => {},
    },
    person,
    folder,
    environment: { PATH: process.env['PATH'], ...environment },
  })
  return { code, out, err, asked: person?.shown() ?? '' }
}

const made = (name: string): Record<string, never> =>
  JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'))
const quiet = ['--no-install', '--no-git']

describe('without a terminal', () => {
  it('makes the default project, and says how to go on', async () => {
    const { code, out, err } = await create(['my-api', ...quiet])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain(
      'my-api is ready: core, typescript, http-api, vitest, sam. Go on with\n\n  cd my-api\n  npm install\n  npm run dev',
    )
    expect(made('my-api')).toMatchObject({ name: 'my-api', scripts: { test: 'vitest run' } })
    expect(readdirSync(folder)).toEqual(['my-api'])
  })

  it('takes every flag, and prints one object for programs', async () => {
    const flags = '--framework express --language javascript --gateway rest-api --streaming --test node --deploy cdk'
    const { code, out } = await create([
      'apps/shop',
      ...flags.split(' '),
      '--package-manager',
      'pnpm',
      '--json',
      ...quiet,
    ])
    expect(code).toBe(0)
    const { files, ...said } = JSON.parse(out)
    expect(said).toEqual({
      name: 'shop',
      folder: join(folder, 'apps/shop'),
      framework: 'express',
      language: 'javascript',
      gateway: 'rest-api',
      streaming: true,
      test: 'node',
      deploy: 'cdk',
      packageManager: 'pnpm',
      installed: false,
      git: false,
      commands: ['cd apps/shop', 'pnpm install', 'pnpm run dev', 'pnpm test', 'pnpm run build', 'pnpm run deploy'],
    })
    for (const file of files) expect(existsSync(join(folder, 'apps/shop', file))).toBe(true)
  })

  it('makes my-api if no folder is named, or the project of the folder that it is in', async () => {
    await create(quiet)
    expect(made('my-api')).toMatchObject({ name: 'my-api' })
    rmSync(join(folder, 'my-api'), { recursive: true })
    mkdirSync(join(folder, 'here/.git'), { recursive: true })
    folder = join(folder, 'here')
    const { out } = await create(['.', ...quiet])
    expect(out).not.toContain('cd ')
    expect(made('.')).toMatchObject({ name: 'here' })
    folder = join(folder, '..')
  })

  it('streams behind a function URL if no gateway is named', async () => {
    const { out } = await create(['my-api', '--streaming', '--json', ...quiet])
    expect(JSON.parse(out)).toMatchObject({ gateway: 'function-url', streaming: true })
  })

  it.each([
    ['pnpm/12.0.0 npm/? node/v24.21.0 linux x64', 'pnpm'],
    ['yarn/4.18.1 npm/? node/v24.21.0 linux x64', 'yarn'],
    ['npm/11.19.1 node/v24.21.0 linux x64 workspaces/false', 'npm'],
    ['bun/2.0.0', 'npm'],
    [undefined, 'npm'],
  ])('runs in %s, and names %s', async (npm_config_user_agent, manager) => {
    const { out } = await create(['my-api', ...quiet], { environment: { npm_config_user_agent } })
    expect(out).toContain(`  ${manager} install\n  ${manager} run dev`)
  })

  it('makes a git repository, but none in another', async () => {
    expect(JSON.parse((await create(['my-api', '--no-install', '--json'])).out).git).toBe(true)
    expect(existsSync(join(folder, 'my-api/.git'))).toBe(true)
    expect(JSON.parse((await create(['my-api/inner', '--no-install', '--json'])).out).git).toBe(false)
    expect(existsSync(join(folder, 'my-api/inner/.git'))).toBe(false)
  })
})

describe('help', () => {
  it('explains every flag with examples, in the words of the package manager', async () => {
    const { code, out } = await create(['--help'])
    expect(code).toBe(0)
    expect(out).toContain('npm create @expressway@latest my-api -- --framework express --gateway rest-api --deploy cdk')
    for (const name of ['core', 'alb', 'node', 'terraform', '--streaming', '--no-install', '--json'])
      expect(out).toContain(name)
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
    const pnpm = await create(['-h'], { environment: { npm_config_user_agent: 'pnpm/12.0.0' } })
    expect(pnpm.out).toContain('pnpm create @expressway my-api --framework')
  })

  it('prints its version', async () => {
    expect(await create(['--version'])).toMatchObject({ code: 0, out: `${version}\n` })
  })
})

describe('bad input is one sentence, and nothing is made', () => {
  it.each([
    [['my-api', '--framwork', 'core'], 'this command has no option "--framwork". Did you mean "--framework"?'],
    [['my-api', '--gateway', 'htp-api'], '--gateway has no "htp-api". Did you mean "http-api"? It takes http-api,'],
    [['my-api', '--deploy', 'pulumi'], '--deploy has no "pulumi". It takes sam, cdk,'],
    [['my-api', '--package-manager', 'bun'], '--package-manager has no "bun". It takes npm, pnpm or yarn.'],
    [['my-api', '--test'], "Option '--test' argument is ambiguous. --help lists its options."],
    [
      ['my-api', '--streaming', '--gateway', 'http-api'],
      '--gateway http-api sends whole answers only: leave --streaming',
    ],
    [['my-api', '--streaming', '--gateway', 'alb'], 'or choose --gateway rest-api or function-url.'],
    [['one', 'two'], 'name one folder, not 2: one two.'],
    [
      ['My API'],
      '"My API" cannot name a package and a function: use up to 40 lower-case letters, digits and hyphens, such as my-api.',
    ],
    [['Shop_2'], 'such as shop-2.'],
    [['http'], '"http" cannot name'],
    [['a'.repeat(41)], `such as ${'a'.repeat(40)}.`],
  ])('%j', async (args, message) => {
    const { code, err } = await create([...args, ...quiet])
    expect(err).toContain(message)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect([code, readdirSync(folder)]).toEqual([2, []])
  })

  it('a folder that is not empty, and a file', async () => {
    writeFiles(join(folder, 'full'), { 'a.txt': '' })
    expect(await create(['full', ...quiet])).toMatchObject({
      code: 2,
      err: 'create: full is not empty, it has a.txt: name a new or empty folder.\n',
    })
    expect(await create(['full/a.txt', ...quiet])).toMatchObject({
      code: 2,
      err: 'create: full/a.txt is a file: name a new or empty folder.\n',
    })
    expect(readdirSync(join(folder, 'full'))).toEqual(['a.txt'])
  })

  it('a folder that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '')
    const { code, err } = await create(['file/below', ...quiet])
    expect(err).toMatch(/^create: .*below cannot be written, and nothing was left there: ENOTDIR/)
    expect([code, readdirSync(folder)]).toEqual([1, ['file']])
  })

  it('flags that npm has kept', async () => {
    const npm_config_user_agent = 'npm/11.19.1 node/v24.21.0'
    const { err } = await create(['my-api', 'express'], {
      environment: { npm_config_user_agent, npm_config_framework: 'express' },
    })
    expect(err).toContain('npm has kept --framework for itself: put "--" before the options')
  })

  it('a write that fails in the middle leaves a new and an old folder as they were', () => {
    const files = { a: 'file', 'b/c': 'file', 'a/d': 'below a file' }
    expect(() => writeFiles(join(folder, 'deep/new'), files)).toThrow(/nothing was left there/)
    expect(readdirSync(folder)).toEqual([])
    mkdirSync(join(folder, 'old/.git'), { recursive: true })
    expect(() => writeFiles(join(folder, 'old'), files)).toThrow(/nothing was left there/)
    expect(readdirSync(join(folder, 'old'))).toEqual(['.git'])
  })
})

describe('an installation that fails leaves a whole project without packages', () => {
  /** A package manager that ends so. */
  function manager(name: string, script: string): NodeJS.ProcessEnv {
    const bin = join(folder, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    return { PATH: [bin, '/usr/bin', '/bin'].join(delimiter) }
  }

  it.each([
    [
      'npm',
      'mkdir node_modules; echo "npm error code ENOTFOUND" >&2; exit 1',
      /^create: npm cannot reach its registry\. The project is in \S+my-api, without packages: run "npm install" there when the network is back\.\n$/,
    ],
    [
      'pnpm',
      'mkdir node_modules; echo "ERR_PNPM_X it is full"; exit 1',
      /^create: pnpm could not install the packages\. .*It said:\nERR_PNPM_X it is full\n$/,
    ],
  ])('%s: %s', async (name, script, message) => {
    const environment = manager(name, script)
    const { code, err, out } = await create(['my-api', '--no-git', '--package-manager', name], { environment })
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(message)
    expect(readdirSync(join(folder, 'my-api'))).not.toContain('node_modules')
    expect(made('my-api')).toMatchObject({ name: 'my-api' })
  })

  it('a package manager that is not there', async () => {
    const { code, err } = await create(['my-api', '--no-git', '--package-manager', 'yarn'], {
      environment: manager('other', ''),
    })
    expect([code, err]).toEqual([1, expect.stringMatching(/^create: yarn is not installed\. .* once it is\.\n$/)])
  })

  it('no network: npm itself says so', async () => {
    const environment = {
      ...process.env,
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: join(folder, 'cache'),
      npm_config_user_agent: undefined,
    }
    const { code, err } = await create(['my-api', '--no-git'], { environment })
    expect([code, err]).toEqual([1, expect.stringContaining('npm cannot reach its registry')])
  }, 60_000)
})

describe('on a terminal', () => {
  const [enter, down, left] = ['\r', '\x1B[B', '\x1B[D']

  it('asks for what no flag says', async () => {
    // The folder, framework, language, gateway, streaming, tests, deployment, installation.
    const keys = [
      'shop',
      enter,
      down,
      enter,
      enter,
      down,
      down,
      enter,
      left,
      enter,
      down,
      down,
      enter,
      down,
      enter,
      'n',
    ]
    const { code, out, err, asked } = await create(['--no-git'], { keys })
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('shop is ready: express, typescript, function-url, streaming, node, cdk.')
    for (const question of [
      'In which folder?',
      'Which framework?',
      'What is in front',
      'streaming',
      'Which test runner?',
      'How is it deployed?',
      'Install the packages with npm?',
    ])
      expect(asked).toContain(question)
  })

  it('asks nothing that flags say, and offers gateways that stream only', async () => {
    const flags = '--framework core --language javascript --streaming --test jest --deploy none --no-install --no-git'
    const { out, asked } = await create(['my-api', ...flags.split(' ')], { keys: [enter] })
    expect(out).toContain('my-api is ready: core, javascript, rest-api, streaming, jest, none.')
    expect(asked).toContain('What is in front of the function?')
    expect(asked).not.toMatch(/Which|alb|http-api/)
  })

  it('asks nothing with --yes', async () => {
    expect(await create(['--yes', ...quiet], { keys: [] })).toMatchObject({ code: 0, asked: '' })
  })

  it('says what is wrong with a folder before it goes on', async () => {
    const { code, asked } = await create(quiet, { keys: ['My API', enter, '\x03'] })
    expect(asked).toContain('"My API" cannot name a package')
    expect(code).toBe(1)
  })

  it('makes nothing if the person leaves', async () => {
    const { code, err } = await create(['my-api'], { keys: [enter, '\x03'] })
    expect([code, err]).toEqual([1, 'create: nothing was made, as you left the questions.\n'])
    expect(readdirSync(folder)).toEqual([])
  })
})

it('is a program', () => {
  const program = join(import.meta.dirname, '../src/bin.ts')
  const { NODE_OPTIONS, ...env } = process.env
  const out = execFileSync(process.execPath, [program, 'my-api', ...quiet], { cwd: folder, encoding: 'utf8', env })
  expect(out).toContain('my-api is ready')
})
