// Clients that others generate from the document: compiled strictly, and run against the handler and the local server.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createLocalServer } from '@expressway/cli/server'
import { fetchOf } from '@expressway/testing'
import type { GatewayName, GatewayOptions } from '@expressway/testing/gateway'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { app, documentOf, expressApp } from './app.ts'

type Use = (fetch: typeof globalThis.fetch, baseUrl: string) => Promise<unknown[]>

/** What a program does with each client; the lines that must not compile are about the types. */
const programs = {
  'openapi-typescript': `import createClient from 'openapi-fetch'
import type { paths } from './schema.js'

export async function use(fetch: typeof globalThis.fetch, baseUrl: string): Promise<unknown[]> {
  const client = createClient<paths>({ baseUrl, fetch })
  const found = await client.GET('/todos/{list}', {
    params: { path: { list: 'a b' }, query: { limit: 1, tag: ['x', 'y'] }, header: { 'x-tenant': 'blue' } },
  })
  const missing = await client.GET('/todos/{list}', { params: { path: { list: 'none' } } })
  const added = await client.POST('/todos/{list}', { params: { path: { list: 'é' } }, body: { title: 'Read' } })
  const refused = await client.POST('/todos/{list}', { params: { path: { list: 'home' } }, body: { title: '' } })
  const removed = await client.DELETE('/todos/{list}/{id}', { params: { path: { list: 'home', id: '7' } } })
  const title: string | undefined = found.data?.todos[0]?.title
  const refusal = refused.error && 'message' in refused.error ? refused.error.message : undefined
  return [found.data, title, missing.error, added.data, refused.response.status, refusal, removed.response.status]
}

export const wrong = (): void => {
  const client = createClient<paths>()
  // @ts-expect-error no route has this path
  client.GET('/lists/{list}', { params: { path: { list: 'home' } } })
  // @ts-expect-error the title is missing
  client.POST('/todos/{list}', { params: { path: { list: 'home' } }, body: { tags: [] } })
}
`,
  '@hey-api/openapi-ts': `import { createClient } from './client/index.js'
import { addTodo, findTodos, removeTodo } from './index.js'

export async function use(fetch: typeof globalThis.fetch, baseUrl: string): Promise<unknown[]> {
  const client = createClient({ baseUrl, fetch })
  const found = await findTodos({
    client,
    path: { list: 'a b' },
    query: { limit: 1, tag: ['x', 'y'] },
    headers: { 'x-tenant': 'blue' },
  })
  const missing = await findTodos({ client, path: { list: 'none' } })
  const added = await addTodo({ client, path: { list: 'é' }, body: { title: 'Read' } })
  const refused = await addTodo({ client, path: { list: 'home' }, body: { title: '' } })
  const removed = await removeTodo({ client, path: { list: 'home', id: '7' } })
  const title: string | undefined = found.data?.todos[0]?.title
  const refusal = refused.error && 'message' in refused.error ? refused.error.message : undefined
  return [found.data, title, missing.error, added.data, refused.response?.status, refusal, removed.response?.status]
}

export const wrong = (): void => {
  // @ts-expect-error the path's parameter is missing
  findTodos({ path: {} })
  // @ts-expect-error the title is missing
  addTodo({ path: { list: 'home' }, body: { tags: [] } })
}
`,
}
type Generator = keyof typeof programs
const generators = Object.keys(programs) as Generator[]

const folder = mkdtempSync(join(tmpdir(), 'expressway-clients-'))
const modules = join(import.meta.dirname, 'node_modules')
const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
const uses = {} as Record<Generator, Use>

const run = (command: string, ...args: string[]): void => {
  execFileSync(process.execPath, [command, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
}

const config = {
  compilerOptions: {
    strict: true,
    noUncheckedIndexedAccess: true,
    target: 'es2023',
    module: 'nodenext',
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: [],
    rootDir: '.',
    outDir: 'built',
  },
  include: ['one', 'two'],
}

beforeAll(async () => {
  symlinkSync(modules, join(folder, 'node_modules'))
  const files = {
    'openapi.json': JSON.stringify(documentOf(app)),
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify(config),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  run(join(modules, 'openapi-typescript/bin/cli.js'), 'openapi.json', '-o', 'one/schema.d.ts')
  run(join(modules, '@hey-api/openapi-ts/bin/run.js'), '-i', 'openapi.json', '-o', 'two', '--silent', '--no-log-file')
  writeFileSync(join(folder, 'one/program.ts'), programs['openapi-typescript'])
  writeFileSync(join(folder, 'two/program.ts'), programs['@hey-api/openapi-ts'])
  run(tsc, '-p', '.')
  const load = async (name: string): Promise<Use> =>
    (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'built', name, 'program.js')).href)).use
  uses['openapi-typescript'] = await load('one')
  uses['@hey-api/openapi-ts'] = await load('two')
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const todo = (id: string, title: string, tags: string[] = []) => ({ id, title, tags })
const expected = (tags = ['x', 'y']) => [
  { tenant: 'blue', todos: [todo('a b-1', 'Buy milk', tags)] },
  'Buy milk',
  { reason: 'unknown' },
  todo('é-2', 'Read'),
  422,
  'The request is not valid',
  204,
]

const domain = 'https://api.example.com'
const places: [GatewayName, GatewayOptions, string][] = [
  ['rest-api', { stage: 'prod' }, `${domain}/prod`],
  ['rest-api', { basePath: '/v1' }, `${domain}/v1`],
  ['http-api', {}, domain],
  ['http-api', { stage: 'prod' }, `${domain}/prod`],
  ['http-api', { basePath: '/v1' }, `${domain}/v1`],
  ['function-url', {}, domain],
  ['alb', {}, domain],
  ['alb-multi-value', {}, domain],
  ['vpc-lattice', {}, domain],
]
const applications = { core: app, shim: expressApp }

it('is the same document for core and the shim', () => {
  expect(documentOf(expressApp)).toEqual(documentOf(app))
})

describe.each(generators)('%s', (generator) => {
  describe.each(Object.entries(applications))('%s', (_name, application) => {
    it.each(places)('calls the handler by %s %o', async (gateway, gatewayOptions, url) => {
      // Without multi-value headers a load balancer keeps the last of several values.
      const tags = gateway === 'alb' ? ['y'] : ['x', 'y']
      expect(await uses[generator](fetchOf(application, { gateway, gatewayOptions }), url)).toEqual(expected(tags))
    })
  })

  it('calls the local server', async () => {
    await using server = await createLocalServer(app, { gateway: 'http-api', gatewayOptions: { stage: 'prod' } })
    expect(await uses[generator](fetch, `${server.url}/prod`)).toEqual(expected())
  })
})
