import { createRouter, NotFoundError } from '@expressway/core'

const names: Record<string, string> = { '1': 'Ada', '2': 'Grace' }

export const users = createRouter({ cacheControl: 'private, max-age=60' })

users.get('/', () => Object.values(names))

users.get('/:id', (req) => {
  const name = names[req.params.id]
  if (name === undefined) throw new NotFoundError()
  return { id: req.params.id, name }
})
