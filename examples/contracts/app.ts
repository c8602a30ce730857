// One declaration at the route: validation, types, the OpenAPI document, and the check against the template.
import { createApp, type FormFile, reply } from '@expressway/core'
import { contract } from '@expressway/core/contract'
import type { OpenApiOptions } from '@expressway/core/openapi'
import * as z from 'zod'

const NewTodo = z.object({ title: z.string().min(1).max(80), due: z.iso.date().optional() }).meta({ id: 'NewTodo' })
const Todo = NewTodo.extend({ id: z.number().int(), done: z.boolean() }).meta({ id: 'Todo' })
const Problem = z.object({ reason: z.string() }).meta({ id: 'Problem' })

export const app = createApp()

const todos: z.infer<typeof Todo>[] = [{ id: 1, title: 'Read the guide', done: false }]
const find = (id: number) => todos.find((todo) => todo.id === id)

app.post(
  '/todos',
  contract({ body: NewTodo, response: { 201: Todo }, summary: 'Adds a todo', tags: ['todos'] }),
  (req) => {
    const todo = { ...req.valid.body, id: todos.length + 1, done: false }
    todos.push(todo)
    return todo
  },
)

app.get(
  '/todos',
  contract({
    query: z.object({ done: z.stringbool().optional(), tag: z.array(z.string()).default([]) }),
    response: z.array(Todo),
    tags: ['todos'],
  }),
  (req) => todos.filter(({ done }) => done === (req.valid.query.done ?? done)),
)

app.get(
  '/todos/:id',
  contract({ params: z.object({ id: z.coerce.number<string>().int() }), response: { 200: Todo, 404: Problem } }),
  (req) => {
    const todo = find(req.valid.params.id)
    return todo ?? reply({ status: 404, body: { reason: 'unknown' } })
  },
)

// A file is a FormFile; what Zod cannot describe gets its JSON Schema by meta().
const Png = z
  .custom<FormFile>((value) => (value as FormFile | undefined)?.type === 'image/png', 'is not a PNG')
  .meta({ type: 'string', format: 'binary' })

app.put(
  '/todos/:id/picture',
  contract({
    body: { multipart: z.object({ picture: Png }) },
    response: { 204: null },
    security: [{ jwt: ['todos:write'] }],
  }),
  () => undefined,
)

// No member that the schema does not have leaves the function.
app.get('/me', contract({ response: z.object({ name: z.string() }) }, { answers: 'enforce' }), () => {
  const user = { name: 'Ada', passwordHash: 'x' }
  return user
})

app.get('/files/*path', (req) => `no contract, and in the document all the same: ${req.params.path}`)

export const openapiOptions: OpenApiOptions = {
  title: 'Todos',
  version: '1.0.0',
  securitySchemes: { jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
}

export const handler = app.handler
