// Rows of a query, a line of JSON for each, as the database gives them.
import { createApp, ndjson } from '@expressway/core'

async function* rows(count: number) {
  for (let id = 1; id <= count; id++) yield { id, name: `row ${id}` }
}

export const app = createApp()

app.get('/rows', (req) => ndjson(rows(Number(req.query.count ?? 3))))

export const handler = app.streamHandler
