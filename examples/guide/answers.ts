// What a handler may answer with, and how.
import { createApp, reply } from '@expressway/core'
import { Decimal } from 'decimal.js'

export const app = createApp({ json: { numbers: 'exact' } })

app.get('/object', () => ({ id: 7 }))
app.get('/text', () => 'Hello!')
app.get('/bytes', () => Buffer.from([0, 255]))
app.get('/html', () => [200, 'text/html', '<h1>Hello!</h1>'])

app.post('/orders', () =>
  reply({
    status: 201,
    headers: { location: '/orders/7', 'cache-control': 'no-store' },
    cookies: [{ name: 'last', value: '7', httpOnly: true, maxAge: 3600 }],
    body: { id: 7 },
  }),
)
app.delete('/orders/:id', () => reply({ status: 204 }))

app.get('/written', (_req, res) => {
  res.status(201).set('x-request', '7').cookie('seen', 'yes').json({ written: true })
})
app.get('/old', (_req, res) => res.redirect('/new', 301))

app.get('/proxied', () => fetch(`${process.env.UPSTREAM}/answer`))

// Whatever a client sent stays data: the list below is JSON, although it looks like [status, type, body].
app.post('/echo', (req) => req.json())

// A stored value is sent by json() or reply(), which never guess.
const notes: unknown[] = [[200, 'text/html', '<script>']]
app.get('/notes/:index', (req, res) => res.json(notes[Number(req.params.index)]))

app.get('/price', () => ({ price: new Decimal('100.10'), id: 2n ** 60n }))
app.post('/sum', (req) => {
  const { amount, count } = req.json<{ amount: string | number; count: bigint | number }>()
  return { amount: new Decimal(amount).plus(1), count: String(count) }
})
