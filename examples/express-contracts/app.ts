// Contracts in Express code. The same routes run under real Express: only the import of `express` differs.
import { contract, requestErrors, validate } from '@expressway/express-shim/contract'
import type { Express, Router } from 'express'
import * as z from 'zod'

const NewTodo = z.object({ title: z.string().min(1) }).meta({ id: 'NewTodo' })
const Todo = NewTodo.extend({ id: z.number() }).meta({ id: 'Todo' })

export function addRoutes(app: Express, todos: Router): Express {
  // Middleware: req.body and req.query are what the schemas make of them, and typed so.
  todos.post('/', validate({ body: NewTodo, response: { 201: Todo } }), (req, res) => {
    res.status(201).json({ id: 1, title: req.body.title })
  })

  // A handler with its contract: what is not declared is not in req.valid.
  const params = z.object({ id: z.coerce.number<string>() })
  todos.get(
    '/:id',
    contract({ params, response: Todo }, (req, res) => res.json({ id: req.valid.params.id, title: 'Read the guide' })),
  )

  app.use('/todos', todos)
  app.use(requestErrors())
  return app
}

export const openapiOptions = { title: 'Todos', version: '1.0.0' }
