// Paths, parameters and their types, nested routers, and what is answered if no route matches.
import { createApp, createRouter, type Handler } from '@expressway/core'

export const app = createApp()

app.get('/users/:id', (req) => ({ user: req.params.id }))

app.get('/files/*path', (req) => ({ segments: req.params.path }))
app.get('/reports{/:year}', (req) => ({ year: req.params.year ?? 'all' }))
app.get('/teams/:"team-id"', (req) => ({ team: req.params['team-id'] }))
app.get(['/hello', '/hi'], () => 'Hello!')
app.get(/^\/v(?<major>\d+)\/status$/, (req) => ({ version: req.params.major }))

app.get('/orders/latest', () => ({ order: 'the latest' }))
app.get('/orders/:id', (req) => ({ order: req.params.id }))

app.route(['PUT', 'PATCH'], '/users/:id', (req) => ({ changed: req.params.id }))
app.all('/echo', (req) => ({ method: req.method }))

const invoices = createRouter()
invoices.get('/', () => ['i1', 'i2'])
invoices.get('/:id', (req) => ({ invoice: req.params.id }))

const customers = createRouter()
customers.get('/:customer', (req) => ({ customer: req.params.customer }))
customers.use('/current/invoices', invoices)

app.use('/customers', customers)

// A handler that is written apart from its path names its parameters itself.
const showProduct: Handler<{ sku: string }> = (req) => ({ sku: req.params.sku })
app.get('/products/:sku', showProduct)

// One function behind the mappings /v1 and /v2 of a custom domain, and behind /shop of a load balancer.
export const mapped = createApp({ stripPrefixes: ['/shop', /^\/v\d+/] })
mapped.get('/orders', (req) => ({ path: req.path, rawPath: req.rawPath }))

export const exact = createApp({ caseSensitive: true, strict: true })
exact.get('/About', () => 'About us')
