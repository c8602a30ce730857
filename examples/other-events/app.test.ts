import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { app, handler } from './app.ts'

it('takes a queue, a schedule and HTTP', async () => {
  expect(await handler({ Records: [{ eventSource: 'aws:sqs', body: 'a message' }] })).toEqual({ batchItemFailures: [] })
  expect(await handler({ source: 'aws.events', 'detail-type': 'Scheduled Event' })).toBe('warm')
  await request(app).get('/received').expect(200, ['a message'])
})
