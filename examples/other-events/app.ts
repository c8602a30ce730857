// One function for HTTP, a queue and a warm-up schedule.
import { createApp } from '@expressway/core'
import type { SQSEvent } from 'aws-lambda'

export const received: string[] = []

const isQueue = (event: unknown): event is SQSEvent =>
  typeof event === 'object' && event !== null && 'Records' in event && Array.isArray(event.Records)

const app = createApp({
  onOtherEvent(event) {
    if (!isQueue(event)) return 'warm'
    for (const { body } of event.Records) received.push(body)
    return { batchItemFailures: [] }
  },
})

app.get('/received', () => received)

export { app }
export const handler = app.handler
