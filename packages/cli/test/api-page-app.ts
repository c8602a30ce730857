// An API with a page of its own, once for core and once for the shim; the page has what Swagger UI shows in different ways.
import { createApp, reply } from '@expressway/core'
import { apiPage } from '@expressway/core/api-page'
import { contract } from '@expressway/core/contract'
import { openapi } from '@expressway/core/openapi'
import express from '@expressway/express-shim'
import { apiPage as expressPage } from '@expressway/express-shim/api-page'
import { contract as expressContract } from '@expressway/express-shim/contract'
import { z } from 'zod'

const Todo = z
  .object({
    id: z.string(),
    title: z
      .string()
      .min(1)
      .meta({ examples: ['Buy milk'] }),
    due: z.iso.date().optional(),
  })
  .meta({ id: 'Todo', description: 'Something to do' })
const NewTodo = Todo.omit({ id: true }).meta({ id: 'NewTodo' })
const lists = { params: z.object({ list: z.string() }), tags: ['todos'] }

/** A title and descriptions that break out of HTML and scripts that are not escaped. */
const info = {
  title: 'Todos </title></script><script>alert(1)</script>',
  version: '1.2.3',
  description: 'Lists of **things to do**. </script><script>alert(2)</script> <b onclick="alert(3)">Bold</b>',
  tags: [{ name: 'todos', description: 'What is to be done, by list' }],
  securitySchemes: { jwt: { type: 'http', scheme: 'bearer' } },
}

const add = {
  ...lists,
  body: NewTodo,
  response: { 201: Todo, 404: z.object({ reason: z.string() }) },
  summary: 'Adds a todo to a list',
}
const find = {
  ...lists,
  query: z.object({ word: z.string().optional() }),
  response: z.array(Todo),
  summary: 'Finds todos',
}

export function coreApi(assets: URL | string) {
  const app = createApp()
  app.get('/todos/:list', contract(find), (req) => [{ id: req.params.list, title: 'Buy milk' }])
  app.post('/todos/:list', contract(add), (req) =>
    reply({ status: 201, body: { id: req.params.list, ...req.valid.body } }),
  )
  app.delete('/todos/:list/:id', contract({ tags: ['todos'], security: [{ jwt: [] }], response: { 204: null } }), () =>
    reply({ status: 204 }),
  )
  app.use('/docs', apiPage({ document: () => openapi(app, info).document, assets }))
  return app
}

export function expressApi(assets: URL | string) {
  const app = express()
  app.get(
    '/todos/:list',
    expressContract(find, (req, res) => res.json([{ id: req.valid.params.list, title: 'Buy milk' }])),
  )
  app.post(
    '/todos/:list',
    expressContract(add, (req, res) => res.status(201).json({ id: req.valid.params.list, ...req.valid.body })),
  )
  app.use('/docs', expressPage({ document: () => openapi(app, info).document, assets }))
  return app
}
