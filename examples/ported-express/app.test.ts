import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import request, { agent, type Response, type Test } from '@expressway/testing'
import { gatewayNames } from '@expressway/testing/gateway'
import { expect, it } from 'vitest'

const [before, after] = await Promise.all(
  ['./before.js', './after.js'].map(async (file) => (await import(file)).default),
)

/** What a client sees, without what belongs to a connection: a REST API renames the length of an answer to HEAD. */
function seen({ status, headers, text }: Response) {
  const { date, connection, 'keep-alive': keepAlive, 'content-length': length, ...fields } = headers
  delete fields['x-amzn-remapped-content-length']
  // A REST API puts a type on every answer, so the shim sends the file's.
  if (status === 304) delete fields['content-type']
  return { status, fields, text }
}

type Send = (client: ReturnType<typeof request>) => Test

/** Sends a request to Express behind a proxy over HTTP, and to the shim through every gateway. */
async function same(send: Send): Promise<Response> {
  const real = await send(request(before)).set('X-Forwarded-Proto', 'https').redirects(0)
  for (const gateway of gatewayNames) {
    const shim = await send(request(after)).via(gateway).redirects(0)
    expect(seen(shim), gateway).toEqual(seen(real))
  }
  return real
}

it.each<[string, Send, number]>([
  ['a view', (client) => client.get('/'), 200],
  ['a static file', (client) => client.get('/style.css'), 200],
  ['its head', (client) => client.head('/style.css'), 200],
  ['a part of it', (client) => client.get('/style.css').set('Range', 'bytes=0-3'), 206],
  ['JSON', (client) => client.get('/tasks'), 200],
  ['a form, which sets a cookie', (client) => client.post('/tasks').type('form').send({ title: 'Tea & <cake>' }), 303],
  ['a form without its field', (client) => client.post('/tasks').type('form').send({ title: '' }), 400],
  [
    'a form that is too large',
    (client) =>
      client
        .post('/tasks')
        .type('form')
        .send({ title: 'x'.repeat(20_000) }),
    413,
  ],
  ['a body of another type', (client) => client.post('/tasks').send({ title: 'x' }), 400],
  ['an unknown path', (client) => client.get('/nothing'), 404],
  ['an unknown task', (client) => client.get('/tasks/1'), 404],
  [
    'a forged session',
    (client) => client.get('/tasks').set('Cookie', 'session=eyJ0YXNrcyI6WyJ4Il19; session.sig=x'),
    200,
  ],
])('answers the same: %s', async (_name, send, status) => {
  expect((await same(send)).status).toBe(status)
})

it('answers the same to a client that has the file', async () => {
  const { headers } = await same((client) => client.get('/style.css'))
  await same((client) => client.get('/style.css').set('If-None-Match', headers['etag']!).expect(304))
})

it.each([
  ['on a server', before],
  ['on Lambda', after],
])('keeps the tasks of each browser in its cookie, %s', async (_where, app) => {
  const browser = agent(app)
  await browser
    .post('/tasks')
    .type('form')
    .send({ title: 'Tea & <cake>' })
    .redirects(0)
    .expect('location', '/')
    .expect(303)
  await browser.get('/').expect(200, /<li>Tea &amp; &lt;cake&gt;<\/li>/)
  await browser.get('/tasks/1').expect(200, '"Tea & <cake>"')
  await request(app).get('/tasks').expect(200, [])
})

it('is the one line that the README shows', () => {
  const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8')
  const old = read('before.js').split('\n')
  const diff = read('after.js')
    .split('\n')
    .flatMap((line, at) => (line === old[at] ? [] : [`-${old[at]}`, `+${line}`]))
  expect(read('README.md')).toContain(`\`\`\`diff\n${diff.join('\n')}\n\`\`\``)
})
