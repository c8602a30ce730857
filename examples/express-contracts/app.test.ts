import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import request from '@expressway/testing'
import { describe, expect, it } from 'vitest'
import { handler } from './shim.ts'
import { app as real } from './with-express.ts'

const program = join(import.meta.dirname, '../../packages/cli/src/bin.ts')

describe.each([
  { name: 'express', file: 'with-express.ts', target: real },
  { name: '@expressway/express-shim', file: 'shim.ts', target: { handler } },
])('$name', ({ file, target }) => {
  const client = () => request(target as Parameters<typeof request>[0])

  it('validates as middleware', async () => {
    await client().post('/todos').send({ title: 'Write' }).viaAll().expect(201, { id: 1, title: 'Write' })
    const { body } = await client().post('/todos').send({ title: 7 }).viaAll().expect(422)
    expect(body.detail).toEqual([expect.objectContaining({ loc: ['body', 'title'] })])
  })

  it('validates around a handler', async () => {
    await client().get('/todos/7').viaAll().expect(200, { id: 7, title: 'Read the guide' })
    await client().get('/todos/x').viaAll().expect(422)
  })

  it('answers 400 to what cannot be read, and 415 to another type', async () => {
    await client().post('/todos').set('content-type', 'application/json').send('{').expect(400)
    await client().post('/todos').set('content-type', 'text/csv').send('a,b').expect(415)
  })

  it('has a document that is up to date', () => {
    const args = ['openapi', file, '--strict', '--check', 'openapi.json']
    const said = execFileSync(process.execPath, [program, ...args], { cwd: import.meta.dirname, encoding: 'utf8' })
    expect(said).toBe('openapi.json is up to date.\n')
  })
})
