import { createApp, NotFoundError, reply } from '@expressway/core'

const names = new Map([['ada', 'Ada Lovelace']])

const app = createApp()
app.get('/users/:id', (req, res) => {
  const { id } = req.params
  const name = names.get(id)
  if (name === undefined) throw new NotFoundError('No such user')
  res.cookie('seen', id).cookie('visits', '1')
  return { id, name }
})
app.post('/users', (req) => {
  const user = req.json() as { id: string }
  return reply({ status: 201, headers: { location: `/users/${user.id}` }, body: user })
})

export const handler = app.handler
