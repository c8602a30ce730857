import type { RecordDetail, RecordSummary } from '../protocol.ts'

const root = '/_expressway'

/** @throws Error with the server's own message if it refuses, or the browser's if it cannot be reached */
async function ask<Answer>(path: string, method = 'GET'): Promise<Answer> {
  const response = await fetch(root + path, { method, headers: { 'x-expressway': 'page' } })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.message)
  return answer
}

/** Everything about one invocation. */
export const loadDetail = (id: number) => ask<RecordDetail>(`/invocations/${id}`)
/** Sends the request of an invocation again; the answer has the new id. */
export const replay = (id: number) => ask<{ id: number }>(`/invocations/${id}/replay`, 'POST')
/** The ids of the invocations that have all of these words. */
export const search = (words: string) => ask<{ ids: number[] }>(`/search?q=${encodeURIComponent(words)}`)
/** Forgets all invocations. */
export const clear = () => ask<object>('/clear', 'POST')

/** What {@link follow} calls. */
export interface Follower {
  /** The state of the connection, as a class name and as text. */
  connection(state: 'on' | 'off', text: string): void
  all(summaries: RecordSummary[]): void
  one(summary: RecordSummary): void
}

/** Calls back with all invocations at once, and then with each that is new or has changed. */
export function follow({ connection, all, one }: Follower): void {
  const events = new EventSource(`${root}/live`)
  events.addEventListener('open', () => connection('on', 'Live'))
  events.addEventListener('error', () => connection('off', 'Not connected'))
  events.addEventListener('all', ({ data }) => all(JSON.parse(data)))
  events.addEventListener('invocation', ({ data }) => one(JSON.parse(data)))
}
