import { spawn } from 'node:child_process'
import { join } from 'node:path'
import request from '@expressway/testing'
import { lambdaContext } from '@expressway/testing/context'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort } from '../free-port.ts'
import { type Ask, compare } from '../porting/compare.ts'
import { handler as after } from './after.ts'
import { handler as core } from './container.ts'

/** A file as the extension finds it: a process that listens on a port. */
async function start(file: string, port: number) {
  const child = spawn(process.execPath, [join(import.meta.dirname, file)], {
    env: { ...process.env, PORT: String(port) },
    stdio: 'inherit',
  })
  await vi.waitFor(() => fetch(`http://127.0.0.1:${port}/`), { timeout: 20_000 })
  return child
}

const [old, now, container] = [await freePort(), await freePort(), await freePort()]
const at = (port: number) => `http://127.0.0.1:${port}`
let servers: Awaited<ReturnType<typeof start>>[]

beforeAll(async () => {
  servers = await Promise.all([start('before.ts', old), start('after.ts', now), start('container.ts', container)])
}, 60_000)
afterAll(() => {
  for (const server of servers) server.kill()
})

const asks: Record<string, Ask> = {
  'a path, a query and cookies': (client) => client.get('/users/ada?q=a%20b'),
  'a JSON body': (client) => client.post('/users').send({ name: 'Ada' }),
  'no route': (client) => client.get('/nothing'),
}

describe('the same answers, of the function', () => compare(at(old), after, ['http-api', 'rest-api', 'alb'], asks))
describe('the same answers, of the container', () => compare(at(old), at(now), ['http-api'], asks))
describe('a core application, both ways', () => {
  compare(at(container), core, ['http-api'], { 'a path': (client) => client.get('/users/ada') })
})

it('knows the request that the gateway has', async () => {
  const id = '00000000-0000-4000-8000-000000000001'
  const context = JSON.stringify({ requestId: id }) // as the extension sends it
  await request(at(old)).get('/request').set('x-amzn-request-context', context).expect(200, { id })
  await request(after).get('/request').expect(200, { id })
})

it('answers a queue', async () => {
  const event = { Records: [{ eventSource: 'aws:sqs', messageId: '1', body: '{}' }] }
  await request(at(old)).post('/events').send(event).expect(200, { records: 1 })
  expect(await after(event, lambdaContext())).toEqual({ records: 1 })
})
