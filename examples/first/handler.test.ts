import request from '@expressway/testing'
import { it } from 'vitest'
import { handler } from './core.ts'

it('says hello', async () => {
  await request(handler).get('/hello/ada').expect('content-type', /text/).expect(200, 'Hello ada!')
})

it('says it on every event source', async () => {
  await request(handler).get('/hello/ada').viaAll().expect(200, 'Hello ada!')
})
