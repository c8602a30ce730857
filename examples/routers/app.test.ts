import request from '@expressway/testing'
import { it } from 'vitest'
import { app } from './app.ts'

it('answers under the prefix, with the middleware around', () =>
  request(app)
    .get('/users/1')
    .expect('server-timing', /^app;dur=[\d.]+$/)
    .expect(200, { id: '1', name: 'Ada' }))

it('answers behind a mapping', () => request(app).get('/v2/users').expect(200, ['Ada', 'Grace']))

it('runs the middleware for what is not there, too', () =>
  request(app).get('/v2/teams').expect('server-timing', /app/).expect(404))
