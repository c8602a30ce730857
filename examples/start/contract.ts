import { createApp } from '@expressway/core'
import { contract } from '@expressway/core/contract'
import { z } from 'zod'

export const app = createApp()

const Order = z.object({ product: z.string(), quantity: z.int().positive() }).meta({ id: 'Order' })

app.post('/orders', contract({ body: Order, response: { 201: Order } }), (req) => {
  const { product, quantity } = req.valid.body
  return { product, quantity }
})

export const openapiOptions = { title: 'Orders', version: '1.0.0' }
