import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { fixture, runCommand } from './command-support.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'expressway-openapi-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const openapi = (...args: string[]) => runCommand('openapi', ...args, '--wait', '0')
const todos = fixture('todos.ts')

describe('expressway openapi', () => {
  it('prints the document, with the options that the module exports', async () => {
    const { code, out, err } = await openapi(todos)
    const document = JSON.parse(out)
    expect([code, err]).toEqual([0, ''])
    expect(document).toMatchObject({
      openapi: '3.1.1',
      info: { title: 'Todos', version: '1.2.3' },
      components: { securitySchemes: { jwt: { type: 'http' } } },
    })
    expect(Object.keys(document.paths)).toEqual(['/todos', '/todos/{list}', '/admin/todos/{list}'])
  })

  it('takes title and version from the command line, then from the nearest package.json', async () => {
    const given = await openapi(todos, '--title', 'Mine', '--version', '9', '--target', '3.0')
    expect(JSON.parse(given.out)).toMatchObject({ openapi: '3.0.4', info: { title: 'Mine', version: '9' } })
    const found = await openapi(fixture('handler-only.ts'))
    expect(JSON.parse(found.out).info).toEqual({ title: '@expressway/cli', version: '0.0.0' })
  })

  it('finds the application behind a handler, by --export, and mounted in Express', async () => {
    const paths = async (...args: string[]) => Object.keys(JSON.parse((await openapi(...args)).out).paths)
    expect(await paths(fixture('handler-only.ts'))).toEqual(['/hidden/{id}'])
    expect(await paths(todos, '--export', 'app')).toHaveLength(3)
    expect(await paths(fixture('warns.mjs'))).toEqual(['/a', '/v1/inner'])
  })

  it('writes for API Gateway', async () => {
    const { paths } = JSON.parse((await openapi(todos, '--target', 'api-gateway')).out)
    expect(paths['/todos'].get['x-amazon-apigateway-integration']).toMatchObject({ type: 'aws_proxy' })
  })

  it('warnings go to standard error, and --strict makes them a failure', async () => {
    const warning = 'warning: GET /^\\/x/: a document cannot describe a regular expression; left out\n'
    const warned = await openapi(fixture('warns.mjs'))
    expect([warned.code, warned.err]).toEqual([0, warning])
    const strict = await openapi(fixture('warns.mjs'), '--strict')
    expect([strict.code, strict.err]).toEqual([1, warning])
    expect((await openapi(todos, '--strict')).code).toBe(0)
  })

  it('writes a file, JSON or YAML, and --check compares with it', async () => {
    const [json, yaml] = [join(folder, 'openapi.json'), join(folder, 'openapi.yaml')]
    expect(await openapi(todos, '--out', json)).toEqual({ code: 0, out: '', err: '' })
    expect(await openapi(todos, '--out', yaml)).toEqual({ code: 0, out: '', err: '' })
    expect(parse(readFileSync(yaml, 'utf8'))).toEqual(JSON.parse(readFileSync(json, 'utf8')))
    for (const file of [json, yaml]) {
      expect(await openapi(todos, '--check', file)).toEqual({ code: 0, out: `${file} is up to date.\n`, err: '' })
    }
  })

  it('--check says what differs: operations, schemas, the rest', async () => {
    const file = join(folder, 'old.json')
    const document = JSON.parse((await openapi(todos)).out)
    const { paths, components } = document
    paths['/gone'] = paths['/todos']
    delete paths['/admin/todos/{list}']
    paths['/todos'].get.summary = 'Lists'
    components.schemas.Todo.properties.title = { type: 'number' }
    document.info.version = '1.0.0'
    writeFileSync(file, JSON.stringify(document))
    expect(await openapi(todos, '--check', file)).toEqual({
      code: 1,
      err: '',
      out: [
        `${file} differs from the application:`,
        '  changed  GET /todos (summary)',
        '  removed  GET /gone',
        '  changed  schema Todo (properties.title.type)',
        '  changed  info (version)',
        '  added    DELETE /admin/todos/{list}',
        'Write it again with --out.\n',
      ].join('\n'),
    })
  })

  it('makes one document of several files', async () => {
    const { code, out } = await openapi(todos, fixture('orders.ts'), '--title', 'Shop', '--version', '1')
    const { info, paths, components, tags } = JSON.parse(out)
    expect(code).toBe(0)
    expect(info).toEqual({ title: 'Shop', version: '1' })
    expect(Object.keys(paths)).toEqual(['/todos', '/todos/{list}', '/admin/todos/{list}', '/orders/{id}'])
    expect(Object.keys(components.schemas)).toContain('Todo')
    expect(tags).toEqual([{ name: 'orders' }])
  })
})

describe('wrong input is one sentence and an exit code', () => {
  const paths = { todos, again: fixture('todos-again.ts'), other: fixture('other-todo.ts') }
  it.each<[string, string[], number, string]>([
    ['no file', [], 2, 'name the application: expressway openapi FILE.'],
    ['a file that is not there', ['nothing.ts'], 2, 'there is no file nothing.ts'],
    ['another target', [todos, '--target', '3.2'], 2, 'there is no target "3.2".'],
    ['another option', [todos, '--stric'], 2, 'openapi has no option "--stric". Did you mean "--strict"?'],
    ['no application', [fixture('no-app.mjs')], 1, 'has no application (it exports value). Export the application,'],
    ['an export that is not one', [todos, '--export', 'nothing'], 1, 'its export "nothing" is not one.'],
    [
      'one operationId twice',
      [fixture('twice.ts')],
      1,
      'GET /b and GET /a have the same operationId, same: rename one.',
    ],
    [
      'a document to check that is not one',
      [todos, '--check', fixture('template.yaml')],
      2,
      'template.yaml is not an OpenAPI document: it has no "openapi" and "paths".',
    ],
    [
      'one operation in two files',
      [todos, paths.again],
      1,
      `${todos} and ${paths.again} conflict: GET /todos, which both answer.`,
    ],
    [
      'two schemas of one name in two files',
      [todos, paths.other],
      1,
      `${todos} and ${paths.other} conflict: the schema Todo, which both have, each with another meaning: rename one.`,
    ],
    [
      'a folder to write to that is not there',
      [todos, '--out', '/nowhere/openapi.json'],
      1,
      'cannot be written: ENOENT',
    ],
  ])('%s', async (_name, args, code, message) => {
    const ended = await openapi(...args)
    expect(ended.err).toContain(message)
    expect(ended).toMatchObject({ code, out: '' })
    expect(ended.err.trim().split('\n')).toHaveLength(1)
  })
})
