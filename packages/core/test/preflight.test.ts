import request from '@expressway/testing'
import { describe, expect, it } from 'vitest'
import { createApp } from '../src/index.ts'

// A model of a browser and its cache is in packages/testing/fuzz/preflight-properties.ts.
describe('a preflight', () => {
  it('does not list a method that opted out', async () => {
    const app = createApp({ cors: { maxAge: 600 } })
    app.get('/acct', () => 'x').delete('/acct', { cors: false }, () => 'x')
    const res = await preflight(app, 'GET')
    expect(res.headers['access-control-allow-methods']).toBe('GET,HEAD,OPTIONS')
    expect(res.headers['access-control-max-age']).toBe('0')
    expect((await preflight(app, 'DELETE')).headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('keeps its Max-Age if all methods of the path have one policy', async () => {
    const app = createApp({ cors: { maxAge: 600 } })
    app.get('/acct', () => 'x').delete('/acct', () => 'x')
    const res = await preflight(app, 'DELETE')
    expect(res.headers['access-control-allow-methods']).toBe('DELETE,GET,HEAD,OPTIONS')
    expect(res.headers['access-control-max-age']).toBe('600')
  })
})

const preflight = (app: ReturnType<typeof createApp>, method: string) =>
  request(app)
    .options('/acct')
    .set('Origin', 'https://a.example')
    .set('Access-Control-Request-Method', method)
    .expect(204)
