import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixture, runCommand } from './command-support.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'expressway-routes-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, content: object | string): string {
  const file = join(folder, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const routes = (...args: string[]) => runCommand('routes', ...args, '--wait', '0')
const todos = fixture('todos.ts')

describe('expressway routes', () => {
  it('lists method, path, contract and the functions that a request meets', async () => {
    expect(await routes(todos)).toEqual({
      code: 0,
      err: '',
      out: [
        'GET     /todos              contract  log, validateContract, <anonymous>',
        'POST    /todos/:list        contract  log, validateContract, <anonymous>',
        'DELETE  /admin/todos/:list            log, remove\n',
      ].join('\n'),
    })
  })

  it('as JSON', async () => {
    const { out } = await routes(todos, '--json')
    expect(JSON.parse(out).routes[2]).toEqual({
      method: 'DELETE',
      path: '/admin/todos/:list',
      templates: ['/admin/todos/{list}'],
      contract: false,
      handlers: ['log', 'remove'],
    })
  })

  it('names duplicates', async () => {
    const { code, out } = await routes(fixture('duplicates.mjs'))
    expect(code).toBe(0)
    expect(out.split('\n').slice(4)).toEqual([
      'GET /a is registered twice: the first route answers',
      'POST /b/:other is registered twice as /b/:id: the first route answers',
      '',
    ])
    const json = await routes(fixture('duplicates.mjs'), '--json')
    expect(JSON.parse(json.out).duplicates).toEqual([
      { method: 'GET', path: '/a', first: '/a' },
      { method: 'POST', path: '/b/:other', first: '/b/:id' },
    ])
  })

  it('--against a template: what is not sent, what is not known', async () => {
    const template = fixture('template.yaml')
    expect(await routes(todos, '--against', template)).toEqual({
      code: 1,
      err: '',
      out: [
        `${template} and the routes differ:`,
        '  not sent   DELETE /admin/todos/:list',
        '  not known  GET /old                   (Todos, Old)\n',
      ].join('\n'),
    })
    const json = await routes(todos, '--against', template, '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.out)).toEqual({
      unsent: [{ method: 'DELETE', path: '/admin/todos/:list' }],
      unknown: [{ method: 'GET', path: '/old', place: 'Todos, Old' }],
      warnings: [],
    })
  })

  it('--against its own document, in each dialect: they agree', async () => {
    for (const target of ['3.1', '3.0', 'api-gateway']) {
      const file = join(folder, `${target}.json`)
      await runCommand('openapi', todos, '--target', target, '--out', file)
      expect(await routes(todos, '--against', file)).toEqual({
        code: 0,
        out: `${file} and the routes agree.\n`,
        err: '',
      })
    }
  })

  it('--base-path takes off what the application does not see', async () => {
    const file = write('based.yaml', 'openapi: 3.1.0\npaths: { /v1/todos: { get: {} }, /v1: { get: {} } }\n')
    const { out } = await routes(fixture('todos-again.ts'), '--against', file, '--base-path', '/v1', '--json')
    expect(JSON.parse(out)).toEqual({ unsent: [], unknown: [{ method: 'GET', path: '/', place: file }], warnings: [] })
  })

  it('ends for a bundle without an application, whose functions share a scope of thousands of variables', async () => {
    const functions = Array.from({ length: 4000 }, (_, at) => `const f${at} = () => f${at + 1}`)
    const file = write('bundle.mjs', `${functions.join('\n')}\nconst f4000 = () => {}\nexport const handler = f0\n`)
    expect(await routes(file)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('has no application') })
  })

  it('says what it cannot compare', async () => {
    const file = write('all.yaml', 'service: x\nfunctions: { api: { url: true } }\n')
    expect(await routes(fixture('warns.mjs'), '--against', file)).toEqual({
      code: 0,
      out: `${file} and the routes agree.\n`,
      err: 'warning: GET /^\\/x/ cannot be compared with a template: it has no path of segments\n',
    })
  })
})

describe('wrong input is one sentence and an exit code', () => {
  const two = { service: 'x', functions: { a: { url: true }, b: { url: true } } }
  it.each<[string, () => string[], number, string]>([
    ['no file', () => [], 2, 'name the application: expressway routes FILE.'],
    ['no template', () => [todos, '--against', 'nothing.yaml'], 2, 'there is no file nothing.yaml'],
    [
      'text that is not YAML',
      () => [todos, '--against', write('broken.yaml', 'a: [1')],
      2,
      'broken.yaml is neither JSON nor YAML: ',
    ],
    [
      'YAML of another kind',
      () => [todos, '--against', write('other.yaml', 'a: 1')],
      2,
      'other.yaml is no template that is known: a SAM or CloudFormation template has Resources,',
    ],
    [
      'a template without requests',
      () => [todos, '--against', write('queue.yaml', { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } })],
      1,
      'queue.yaml sends nothing to a function: it has no API',
    ],
    [
      'several functions',
      () => [todos, '--against', write('two.json', two)],
      2,
      'two.json sends requests to 2 functions: choose one by --function: a, b.',
    ],
    [
      'a function that is not there',
      () => [todos, '--against', write('two.json', two), '--function', 'c'],
      2,
      'two.json sends nothing to a function "c". Did you mean "a"? It has a, b.',
    ],
    ['--function alone', () => [todos, '--function', 'a'], 2, '--function and --base-path need --against TEMPLATE.'],
    [
      'a base path without its slash',
      () => [todos, '--against', write('two.json', two), '--base-path', 'v1'],
      2,
      '--base-path starts with "/", and "v1" does not.',
    ],
    ['no application', () => [fixture('no-app.mjs')], 1, 'no-app.mjs has no application (it exports value).'],
  ])('%s', async (_name, args, code, message) => {
    const ended = await routes(...args())
    expect(ended.err).toContain(message)
    expect(ended).toMatchObject({ code, out: '' })
    expect(ended.err.trim().split('\n')).toHaveLength(1)
  })
})
