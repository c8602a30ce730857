// An API with a page that shows it, and its paths as types.
import { createApp, reply } from '@expressway/core'
import { apiPage } from '@expressway/core/api-page'
import { contract } from '@expressway/core/contract'
import { openapi } from '@expressway/core/openapi'
import { z } from 'zod'

const Todo = z.object({ id: z.string(), title: z.string() }).meta({ id: 'Todo' })
const Problem = z.object({ reason: z.string() }).meta({ id: 'Problem' })
const list = { params: z.object({ list: z.string() }), response: { 200: z.array(Todo), 404: Problem } }

// Chained, so that the type of the application knows the routes.
export const app = createApp().get('/todos/:list', contract(list), (req) =>
  req.valid.params.list === 'home'
    ? [{ id: '1', title: 'Buy milk' }]
    : reply({ status: 404, body: { reason: 'There is no such list' } }),
)

app.use(
  '/docs',
  apiPage({
    document: () => openapi(app, { title: 'Todos', version: '1.0.0' }).document,
    assets: new URL('./api/', import.meta.url),
  }),
)

export const handler = app.handler
