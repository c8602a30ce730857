// Every project that can be made: what is in its files, and what its handler answers.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { routesOf } from '@expressway/core/openapi'
import request, { type Test } from '@expressway/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Choices, namesOf } from '../src/choices.ts'
import { writeFiles } from '../src/folder.ts'
import { routesOf as promisedRoutes } from '../src/project/application.ts'
import { project } from '../src/project.ts'
import { combinations } from './combinations.ts'

let folder: string

/** The projects whose sources differ: neither the tool that deploys nor the package manager is in them. */
const sources = combinations({ deploy: ['none'], packageManager: ['npm'] }).map((choices, index) => ({
  choices,
  path: `${choices.test}/project-${index}`,
}))
const title = ({ framework, language, gateway, streaming, test }: Choices): string =>
  `${framework}, ${language}, ${gateway}${streaming ? ', streaming' : ''}, ${test}`

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'expressway-create-')))
  symlinkSync(join(import.meta.dirname, '../node_modules'), join(folder, 'node_modules'))
  for (const { choices, path } of sources) writeFiles(join(folder, path), project('my-api', choices))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const node = (args: string[], cwd = folder) => {
  const { NODE_OPTIONS, VITEST, NODE_TEST_CONTEXT, ...env } = process.env
  return promisify(execFile)(process.execPath, args, { cwd, env: { ...env, NODE_ENV: 'test' } }).catch((error) => {
    throw new Error(`${args.join(' ')}\n${error.stdout}\n${error.stderr}`, { cause: error })
  })
}

it('every combination: whole files, a short README, scripts and packages that exist', () => {
  const faults: string[] = []
  const all = combinations()
  for (const choices of all) {
    const files = project('my-api', choices)
    const { scripts, dependencies, devDependencies, name } = JSON.parse(files['package.json']!)
    const said = (fault: string) =>
      faults.push(`${title(choices)}, ${choices.deploy}, ${choices.packageManager}: ${fault}`)
    for (const [path, text] of Object.entries(files)) {
      if (
        /\[object |NaN|TODO/.test(text) ||
        (/^(src|test)\//.test(path) ? /\$\{(?!req|number)/.test(text) : /\bundefined\b/.test(text))
      )
        said(`${path} has a gap`)
      if (text !== '' && (!text.endsWith('\n') || text.endsWith('\n\n'))) said(`the end of ${path}`)
      if (/\n\n\n/.test(text)) said(`${path} has two empty lines`)
      if (/[ \t]$/m.test(text)) said(`${path} has blanks at the end of a line`)
      if (path.endsWith('.json')) JSON.parse(text)
    }
    if (files['README.md']!.split('\n').length > 31) said('README.md is longer than 30 lines')
    if (name !== 'my-api') said('name')
    const expected = ['dev', 'test', ...(choices.language === 'typescript' ? ['types'] : []), 'build', 'routes']
    for (const script of [...expected, ...(choices.deploy === 'none' ? [] : ['deploy'])])
      if (!scripts[script]) said(`no script ${script}`)
    for (const [dependency, range] of Object.entries({ ...dependencies, ...devDependencies }))
      if (!/^[~^]\d/.test(String(range))) said(`${dependency}: ${range}`)
  }
  expect(faults).toEqual([])
  expect(all.length).toBeGreaterThan(1500)
})

it('is by default what docs/start shows', () => {
  const [choices] = combinations({ packageManager: ['npm'] })
  const files = project('my-api', choices!)
  const start = join(import.meta.dirname, '../../../examples/start')
  for (const name of ['app.ts', 'handler.ts'])
    expect(files[`src/${name}`]).toBe(readFileSync(join(start, name), 'utf8'))
})

it('decides for pnpm which install scripts run', () => {
  const [choices] = combinations({ test: ['jest'], packageManager: ['pnpm'] })
  const { allowBuilds } = parse(project('my-api', choices!)['pnpm-workspace.yaml']!)
  expect(allowBuilds).toEqual({
    '@swc/core': false,
    esbuild: true,
    '@parcel/watcher': false,
    'unrs-resolver': false,
  })
})

describe('the bundle', () => {
  const bundled = sources.filter(({ choices }) => choices.test === 'node' && /function-url|alb/.test(choices.gateway))

  it.each(bundled.map(({ choices, path }) => [title(choices), choices, path] as const))(
    '%s',
    async (_, choices, path) => {
      await node(['build.js'], join(folder, path))
      const { handler } = await import(pathToFileURL(join(folder, path, 'dist/handler.mjs')).href)
      const gateways = choices.streaming ? (['function-url', 'rest-api'] as const) : namesOf('gateway')
      for (const gateway of gateways) {
        const api = request(handler, { gateway })
        const send = (begun: Test): Test => (choices.streaming ? begun.stream() : begun)
        await send(api.get('/hello/ada')).expect(200, { message: 'Hello ada!' }).expectGateway('ok')
        await send(api.post('/orders'))
          .send({ product: 'tea', quantity: 2 })
          .expect(201, { product: 'tea', quantity: 2 })
        for (const body of ['null', '[]', '{"product":"tea","quantity":"2"}', '{"product":', '{"quantity":1}'])
          await send(api.post('/orders'))
            .type('json')
            .send(body)
            .expect(400)
            .expect('content-type', /^application\/json/)
        await send(api.get('/nothing')).expect(404).expectJsonPath('$.message', 'Not found')
      }
    },
  )
})

it('names the routes that the application has', async () => {
  for (const { choices, path } of sources.filter(({ choices }) => choices.language === 'javascript')) {
    if (choices.test !== 'node') continue
    const { app } = await import(pathToFileURL(join(folder, path, 'src/app.js')).href)
    const routes = routesOf(app).routes.map(({ method, path }) => ({ method: method?.toUpperCase(), path }))
    expect([title(choices), routes]).toEqual([title(choices), promisedRoutes(choices)])
  }
})
