import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'

const app = new Hono()
app.get('/hello/:name', (c) => c.json({ hello: c.req.param('name') }))

export const handler = handle(app)
