import { describe, expect, it } from 'vitest'
import { both, compare } from '../porting/compare.ts'
import { handler as after } from './after.ts'
import { handler as before } from './before.ts'
import { handler as first } from './step-1.ts'
import { handler as second } from './step-2.ts'

describe.each(Object.entries({ first, second, after }))('the same answers: %s', (_step, handler) => {
  compare(before, handler, ['http-api'], {
    'a user': (client) => client.get('/users/ada'),
    'a new user': (client) => client.post('/users').send({ id: 'bob' }),
  })
})

describe('the same answers, errors included: first', () => {
  compare(before, first, ['http-api'], {
    'no such user': (client) => client.get('/users/eve'),
    'no route': (client) => client.delete('/users'),
    'no path': (client) => client.get('/'),
  })
})

describe('what differs', () => {
  const ask = both(before, after)

  it('an error says its status', async () => {
    const { was, is } = await ask((client) => client.get('/users/eve'))
    expect(was.body).toEqual({ message: 'No such user' })
    expect(is.body).toEqual({ statusCode: 404, message: 'No such user' })
  })

  it('a method that the path does not have', async () => {
    const { was, is } = await ask((client) => client.delete('/users'))
    expect([was.status, is.status]).toEqual([404, 405])
    expect(is.headers.allow).toBe('OPTIONS, POST')
  })

  it('HEAD, a stage, and a slash at the end', async () => {
    const head = await ask((client) => client.head('/users/ada'))
    const stage = await ask((client) => client.get('/users/ada').stage('prod'))
    const slash = await ask((client) => client.get('/users/ada/'))
    expect([head, stage, slash].map(({ was, is }) => [was.status, is.status])).toEqual(Array(3).fill([404, 200]))
  })

  it('malformed JSON', async () => {
    const { was, is } = await ask((client) => client.post('/users').type('json').send('{'))
    expect([was.status, is.status]).toEqual([500, 400])
  })

  it('a body that arrives as base64', async () => {
    const { was, is } = await ask((client) =>
      client.post('/users').type('application/merge-patch+json').send('{"id":"bob"}'),
    )
    expect([was.status, is.status]).toEqual([500, 201])
  })

  it('another event source', async () => {
    const { was, is } = await ask((client) => client.get('/users/ada').via('alb'))
    expect([was.status, is.status]).toEqual([502, 200])
  })
})
