// What a contract says of types: each line with an expected error has to stay one.
import { type } from 'arktype'
import * as v from 'valibot'
import { z } from 'zod'
import { contract, type PathsOf, type Schema } from '../../src/contract.ts'
import { createApp, reply } from '../../src/index.ts'

const Todo = z.object({ id: z.number(), title: z.string() })
const Problem = z.object({ reason: z.string() })

const expectType = <T>(_value: T): void => {}

export const app = createApp()
  .post(
    '/todos/:list',
    contract({
      query: v.object({ notify: v.optional(v.string()) }),
      body: type({ title: 'string', 'done?': 'boolean' }),
      response: { 201: Todo, 404: Problem },
    }),
    (req) => {
      expectType<string>(req.params.list)
      expectType<string | undefined>(req.valid.query.notify)
      expectType<{ title: string; done?: boolean }>(req.valid.body)
      // @ts-expect-error headers have no schema
      void req.valid.headers
      // @ts-expect-error the schema has no such member
      void req.valid.body.other
      if (req.valid.body.done) return reply({ status: 404, body: { reason: 'done' } })
      return reply({ status: 201, body: { id: 1, title: req.valid.body.title } })
    },
  )
  .get(
    '/todos/:list/:id',
    contract({ params: z.object({ list: z.string(), id: z.coerce.number() }), response: Todo }),
    (req) => {
      expectType<string>(req.params.id)
      expectType<number>(req.valid.params.id)
      return { id: req.valid.params.id, title: 'x' }
    },
  )
  .get('/plain', () => 'no contract')

app.get(
  '/b',
  contract({ response: { 200: Todo, 404: Problem } }),
  // @ts-expect-error 409 is not declared
  () => reply({ status: 409, body: { reason: 'x' } }),
)
app.get(
  '/c',
  contract({ response: { 200: Todo, 404: Problem } }),
  // @ts-expect-error the body of a 404 is a problem
  () => reply({ status: 404, body: { id: 1, title: 'x' } }),
)
// @ts-expect-error a member is missing
app.get('/a', contract({ response: Todo }), () => ({ id: 1 }))
app.get('/d', contract({ response: { 204: null, 200: Todo } }), () => reply({ status: 204 }))
app.put('/i', contract({ response: { 200: Todo, 201: Todo } }), (req) =>
  reply({ status: req.method === 'PUT' ? 201 : 200, body: { id: 1, title: 'x' } }),
)
app.put(
  '/j',
  contract({ response: { 200: Todo, 404: Problem } }),
  // @ts-expect-error the body of one of the statuses is another
  (req) => reply({ status: req.method === 'PUT' ? 404 : 200, body: { id: 1, title: 'x' } }),
)
app.get('/e', contract({ response: Todo }), (_req, res) => res.json({ written: true }))
app.get('/f', contract({ response: Todo }), async () => ({ id: 1, title: 'x' }))
app.get(
  '/g',
  contract({ query: z.object({ a: z.string() }) }),
  (req, _res, next) => {
    expectType<string>(req.valid.query.a)
    return next()
  },
  (req) => req.valid.query.a,
)
// @ts-expect-error a text is no schema
contract({ body: 'text' })
const custom: Schema<string, number> = z.coerce.number() as never
app.post('/h', contract({ body: { json: custom, form: z.object({ a: z.string() }) } }), (req) => {
  expectType<number | { a: string }>(req.valid.body)
  return 'x'
})

type Paths = PathsOf<typeof app>
declare const paths: Paths
expectType<{ title: string; done?: boolean }>(paths['/todos/{list}'].post.requestBody.content['application/json'])
expectType<{ id: number; title: string }>(paths['/todos/{list}'].post.responses[201].content['application/json'])
expectType<{ id: number; title: string }>(paths['/todos/{list}/{id}'].get.responses[200].content['application/json'])
expectType<{ list: string }>(paths['/todos/{list}'].post.parameters.path)
// @ts-expect-error no such path
void paths['/nothing']
// @ts-expect-error no such method
void paths['/todos/{list}'].get
