// An API as clients see it: parameters of every place, bodies, answers by status. One for core, one for the shim.
import { createApp, reply } from '@expressway/core'
import { contract } from '@expressway/core/contract'
import { openapi } from '@expressway/core/openapi'
import express from '@expressway/express-shim'
import { contract as expressContract, requestErrors } from '@expressway/express-shim/contract'
import { z } from 'zod'

export const Todo = z
  .object({ id: z.string(), title: z.string().min(1), tags: z.array(z.string()), due: z.iso.date().optional() })
  .meta({ id: 'Todo' })
const NewTodo = Todo.omit({ id: true }).partial({ tags: true }).meta({ id: 'NewTodo' })
const Problem = z.object({ reason: z.enum(['unknown', 'full']) }).meta({ id: 'Problem' })

const find = {
  params: z.object({ list: z.string() }),
  query: z.object({ limit: z.coerce.number().int().optional(), tag: z.array(z.string()).optional() }),
  headers: z.object({ 'x-tenant': z.string().optional() }),
  response: { 200: z.object({ tenant: z.string(), todos: z.array(Todo) }), 404: Problem },
  operationId: 'findTodos',
}
const add = {
  params: z.object({ list: z.string() }),
  body: NewTodo,
  response: { 201: Todo, 404: Problem },
  operationId: 'addTodo',
}
const remove = {
  params: z.object({ list: z.string(), id: z.string() }),
  response: { 204: null },
  operationId: 'removeTodo',
}

const todo = (list: string, tags: string[] = []) => ({ id: `${list}-1`, title: 'Buy milk', tags })

/** The application of core, chained, so that its type knows the routes. */
export const app = createApp()
  .get('/todos/:list', contract(find), (req) => {
    const { list } = req.valid.params
    if (list === 'none') return reply({ status: 404, body: { reason: 'unknown' as const } })
    const count = req.valid.query.limit ?? 1
    return {
      tenant: req.valid.headers['x-tenant'] ?? 'none',
      todos: Array.from({ length: count }, () => todo(list, req.valid.query.tag)),
    }
  })
  .post('/todos/:list', contract(add), (req) => {
    const { title, tags = [], due } = req.valid.body
    return reply({ status: 201, body: { id: `${req.valid.params.list}-2`, title, tags, due } })
  })
  .delete('/todos/:list/:id', contract(remove), () => reply({ status: 204 }))

/** The same for the shim. */
export const expressApp = express()
expressApp.get(
  '/todos/:list',
  expressContract(find, (req, res) => {
    const { list } = req.valid.params
    if (list === 'none') return res.status(404).json({ reason: 'unknown' })
    const count = req.valid.query.limit ?? 1
    return res.json({
      tenant: req.valid.headers['x-tenant'] ?? 'none',
      todos: Array.from({ length: count }, () => todo(list, req.valid.query.tag)),
    })
  }),
)
expressApp.post(
  '/todos/:list',
  expressContract(add, (req, res) => {
    const { title, tags = [], due } = req.valid.body
    res.status(201).json({ id: `${req.valid.params.list}-2`, title, tags, due })
  }),
)
expressApp.delete(
  '/todos/:list/:id',
  expressContract(remove, (_req, res) => res.status(204).end()),
)
expressApp.use(requestErrors())

export const documentOf = (application: unknown) => openapi(application, { title: 'Todos', version: '1.0.0' }).document
