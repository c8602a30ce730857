import { counter } from './count.ts'

interface Event {
  rawPath: string
  extra?: string
}

export const handler = async (event: Event, context: { awsRequestId: string }) => {
  if (event.rawPath === '/exit') process.exit(3)
  if (event.rawPath === '/throw') throw new RangeError('out of range')
  if (event.rawPath === '/never') await new Promise(() => setTimeout(() => {}, 60_000))
  counter.calls++
  const seen = { calls: counter.calls, pid: process.pid, extra: event.extra, requestId: context.awsRequestId }
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(seen) }
}

export const other = { handler: async () => ({ statusCode: 202 }) }
