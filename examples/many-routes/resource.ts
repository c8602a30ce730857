import { createRouter, NotFoundError } from '@expressway/core'
import { contract } from '@expressway/core/contract'
import * as z from 'zod'

const Problem = z.object({ statusCode: z.number(), message: z.string() }).meta({ id: 'Problem' })
const Key = z.object({ id: z.coerce.number<string>().pipe(z.int32()) })
const NewComment = z.object({ text: z.string().min(1) }).meta({ id: 'NewComment' })
const Comment = NewComment.extend({ id: z.int32() }).meta({ id: 'Comment' })
const CommentKey = Key.extend({ comment: z.coerce.number<string>().pipe(z.int32()) })

/** Stands for a table. */
class Table<Row extends object> {
  readonly #rows = new Map<number, Row & { id: number }>()
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  list = () => [...this.#rows.values()]

  find(id: number) {
    const row = this.#rows.get(id)
    if (row === undefined) throw new NotFoundError(`There is no ${this.#name} ${id}`)
    return row
  }

  add = (row: Row) => this.put((this.list().at(-1)?.id ?? 0) + 1, row)

  put(id: number, row: Row) {
    const stored = { ...row, id }
    this.#rows.set(id, stored)
    return stored
  }

  remove(id: number) {
    this.find(id)
    this.#rows.delete(id)
  }
}

/**
 * A router with ten routes: five of a resource, one that changes a part of it, and four of its comments.
 * @param name in the singular, such as `Invoice`
 * @param shape the members that clients set
 */
export function resource(name: string, shape: z.ZodRawShape) {
  const router = createRouter()
  const New = z.object(shape).meta({ id: `New${name}` })
  const Stored = New.extend({ id: z.int32() }).meta({ id: name })
  const rows = new Table<z.infer<typeof New>>(name)
  const tags = [name]
  const known = { 404: Problem }

  router.get('/', contract({ tags, response: z.array(Stored) }), () => rows.list())
  router.post('/', contract({ tags, body: New, response: { 201: Stored } }), (req) => rows.add(req.valid.body))
  router.get('/:id', contract({ tags, params: Key, response: { 200: Stored, ...known } }), (req) =>
    rows.find(req.valid.params.id),
  )
  router.put('/:id', contract({ tags, params: Key, body: New, response: { 200: Stored } }), (req) =>
    rows.put(req.valid.params.id, req.valid.body),
  )
  router.patch(
    '/:id',
    contract({ tags, params: Key, body: New.partial(), response: { 200: Stored, ...known } }),
    (req) => rows.put(req.valid.params.id, { ...rows.find(req.valid.params.id), ...req.valid.body }),
  )
  router.delete('/:id', contract({ tags, params: Key, response: { 204: null, ...known } }), (req) =>
    rows.remove(req.valid.params.id),
  )

  const comments = createRouter()
  const all = new Map<number, Table<z.infer<typeof NewComment>>>()
  const commentsOf = (id: number) => {
    rows.find(id)
    const table = all.get(id) ?? new Table('comment')
    all.set(id, table)
    return table
  }

  comments.get('/', contract({ tags, params: Key, response: { 200: z.array(Comment), ...known } }), (req) =>
    commentsOf(req.valid.params.id).list(),
  )
  comments.post('/', contract({ tags, params: Key, body: NewComment, response: { 201: Comment, ...known } }), (req) =>
    commentsOf(req.valid.params.id).add(req.valid.body),
  )
  comments.get('/:comment', contract({ tags, params: CommentKey, response: { 200: Comment, ...known } }), (req) =>
    commentsOf(req.valid.params.id).find(req.valid.params.comment),
  )
  comments.delete('/:comment', contract({ tags, params: CommentKey, response: { 204: null, ...known } }), (req) =>
    commentsOf(req.valid.params.id).remove(req.valid.params.comment),
  )
  router.use('/:id/comments', comments)
  return router
}
