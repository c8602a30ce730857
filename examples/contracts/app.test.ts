import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import request from '@expressway/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { app } from './app.ts'
import document from './openapi.json' with { type: 'json' }

const program = join(import.meta.dirname, '../../packages/cli/src/bin.ts')
const expressway = (...args: string[]): string =>
  execFileSync(process.execPath, [program, ...args], { cwd: import.meta.dirname, encoding: 'utf8' })

const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(document, 'document')

/** Whether the document describes an answer: by the path and the method of its operation. */
function isAsDocumented([path, method]: [string, string], status: number, body: unknown): void {
  const keys = ['paths', path, method, 'responses', status, 'content', 'application/json', 'schema']
  const pointer = keys.map((key) => String(key).replaceAll('/', '~1')).join('/')
  const validate = ajv.getSchema(`document#/${pointer.replace(/[{}]/g, encodeURIComponent)}`)!
  expect(validate(body), JSON.stringify(validate.errors)).toBe(true)
}

it('takes a valid todo and answers 201', async () => {
  const { body } = await request(app).post('/todos').send({ title: 'Write' }).expect(201)
  isAsDocumented(['/todos', 'post'], 201, body)
})

it('names every problem of a request at once, without what the client sent', async () => {
  const { body } = await request(app).post('/todos').send({ title: '', due: 'hunter2' }).viaAll().expect(422)
  expect(body).toMatchObject({
    statusCode: 422,
    message: 'The request is not valid',
    detail: [{ loc: ['body', 'title'] }, { loc: ['body', 'due'] }],
  })
  expect(JSON.stringify(body)).not.toContain('hunter2')
  isAsDocumented(['/todos', 'post'], 422, body)
})

it('reads one value as a list, and texts as what the schema makes of them', async () => {
  const { body } = await request(app).get('/todos?tag=a&done=false').viaAll().expect(200)
  isAsDocumented(['/todos', 'get'], 200, body)
})

it('answers the declared statuses', async () => {
  const { body } = await request(app).get('/todos/99').viaAll().expect(404, { reason: 'unknown' })
  isAsDocumented(['/todos/{id}', 'get'], 404, body)
})

it('takes files', () =>
  request(app)
    .put('/todos/1/picture')
    .attach('picture', Buffer.from('png'), { filename: 'a.png', contentType: 'image/png' })
    .expect(204))

it('sends no member that the schema does not have', () => request(app).get('/me').viaAll().expect(200, { name: 'Ada' }))

it('has a document that is up to date', () => {
  expect(expressway('openapi', 'app.ts', '--strict', '--check', 'openapi.json')).toBe('openapi.json is up to date.\n')
})

it('has a template that sends what the routes answer', () => {
  expect(expressway('routes', 'app.ts', '--against', 'template.yaml')).toBe('template.yaml and the routes agree.\n')
})
