import request from '@expressway/testing'
import { it } from 'vitest'
import { app } from './app.ts'

it('takes a file', () =>
  request(app)
    .post('/upload')
    .field('title', 'Cat')
    .attach('file', Buffer.from([0, 255, 10]), { filename: 'cat.png', contentType: 'image/png' })
    .viaAll(['http-api', 'function-url', 'alb'])
    .expect(200, { title: 'Cat', name: 'cat.png', type: 'image/png', size: 3 }))

it('says what is missing', () =>
  request(app).post('/upload').field('title', 'Cat').expect(400, { statusCode: 400, message: 'The form has no file' }))
