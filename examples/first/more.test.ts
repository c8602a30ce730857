import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { handler as core } from './core.ts'
import { handler as shim } from './shim.ts'

it('the shim says the same', async () => {
  const res = await request(shim).get('/hello/ada').viaAll().expect(200, 'Hello ada!')
  expect(Object.keys(res.all)).toHaveLength(8)
})

it('core answers objects and errors as JSON', async () => {
  await request(core).get('/users/ada').expect(200, { name: 'Ada Lovelace' })
  await request(core).get('/users/bob').expect(404, { statusCode: 404, message: 'Not found' })
})
