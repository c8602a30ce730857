import request from '../../src/index.ts'

// mocha and vitest give it as a global name.
const it = globalThis.it ?? (await import('node:test')).test

it('expects another status', async () => {
  await request(async () => ({ statusCode: 200 }))
    .get('/')
    .expect(201)
})

it('waits for an answer', async () => {
  await request(() => new Promise(() => {}), { timeout: 50 }).get('/')
})

it('expects of a server', async () => {
  await request((_req, res) => res.end(), { server: true })
    .get('/')
    .expect(404)
})
