import { BadRequestError, createApp } from '@expressway/core'

export const app = createApp()

app.get('/', () => ({ try: '/hello/ada' }))

app.get('/hello/:name', ({ params }) => ({ message: `Hello ${params.name}!` }))

app.post('/orders', (req) => {
  const { price } = req.json<{ price?: number }>()
  if (typeof price !== 'number') throw new BadRequestError('An order has a price, which is a number')
  return [201, { id: '7', price }]
})

app.get('/files/*path', ({ params }) => ({ file: params.path }))

export const handler = app.handler
