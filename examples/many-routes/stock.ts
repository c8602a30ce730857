import { createRouter } from '@expressway/core'
import * as z from 'zod'
import { resource } from './resource.ts'

const text = z.string().min(1)

export const stock = createRouter()
stock.use('/products', resource('Product', { sku: text, title: text }))
stock.use('/warehouses', resource('Warehouse', { city: text, capacity: z.int32().positive() }))
stock.use('/suppliers', resource('Supplier', { name: text, email: z.email() }))
stock.use('/deliveries', resource('Delivery', { supplier: z.int32(), due: z.iso.date() }))
stock.use('/returns', resource('Return', { order: z.int32(), reason: text }))
