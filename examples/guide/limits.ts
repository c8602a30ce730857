// What happens at the limits of Lambda and of the gateways.
import { createApp, reply } from '@expressway/core'

export const app = createApp()

app.post('/measure', (req) => ({ bytes: req.bytes().length }))

app.get('/large', () => 'large '.repeat(250_000))

app.get('/slow', async () => {
  await new Promise(() => {})
})

app.get('/careful', async (req) => {
  const rows = []
  while (!req.signal.aborted && rows.length < 1_000_000) rows.push(await nextRow(rows.length))
  return { rows, complete: !req.signal.aborted }
})

app.get('/export', () => reply({ status: 303, headers: { location: 'https://files.example.com/export.csv' } }))

const nextRow = (id: number) => new Promise<number>((resolve) => setTimeout(resolve, 5, id))
