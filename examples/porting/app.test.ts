import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import request, { agent } from '@expressway/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler as source } from './app.ts'
import { bundle } from './build.ts'
import { handler as report } from './schedule.ts'

const folder = mkdtempSync(join(tmpdir(), 'expressway-porting-'))
const targets: Record<string, typeof source> = { 'from source': source }

beforeAll(async () => {
  await bundle(folder)
  targets['as a bundle'] = (await import(pathToFileURL(join(folder, 'app.mjs')).href)).handler
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(['from source', 'as a bundle'])('%s', (name) => {
  const target = () => targets[name]!

  it('keeps the session in a cookie', async () => {
    const client = agent(target())
    await client.get('/visits').expect(200, { visits: 1, ip: '192.0.2.1' })
    await client.get('/visits').expect(200, { visits: 2, ip: '192.0.2.1' })
  })

  it('believes the gateway, not the client, about its address', () =>
    request(target())
      .get('/visits')
      .set('X-Forwarded-For', '203.0.113.9')
      .viaAll()
      .expect(200, { visits: 1, ip: '192.0.2.1' }))

  it('keeps notes', async () => {
    const { body } = await request(target()).post('/notes').send({ text: 'tea' }).expect(201)
    const list = await request(target()).get('/notes').expect(200)
    expect(list.body).toContainEqual(body)
  })

  it('takes a picture', () =>
    request(target())
      .post('/pictures')
      .attach('picture', Buffer.alloc(1000, 255), 'cat.png')
      .expect(201, { name: 'cat.png', size: 1000 }))

  it('serves the page', () =>
    request(target())
      .get('/')
      .viaAll()
      .expect('cache-control', 'public, max-age=86400')
      .expect(200, '<h1>Notes</h1>\n'))
})

it('is one file and the folder', () => expect(readdirSync(folder).sort()).toEqual(['app.mjs', 'public']))

it('reports by a schedule', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  await report()
  expect(log).toHaveBeenCalledWith(expect.stringMatching(/^\d+ notes$/))
  log.mockRestore()
})
