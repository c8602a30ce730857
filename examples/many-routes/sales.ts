import { createRouter } from '@expressway/core'
import * as z from 'zod'
import { resource } from './resource.ts'

const text = z.string().min(1)

export const sales = createRouter()
sales.use('/customers', resource('Customer', { name: text, email: z.email() }))
sales.use('/offers', resource('Offer', { customer: z.int32(), validUntil: z.iso.date() }))
sales.use('/orders', resource('Order', { customer: z.int32(), items: z.array(text) }))
sales.use('/invoices', resource('Invoice', { order: z.int32(), total: z.string().regex(/^\d+\.\d\d$/) }))
sales.use('/campaigns', resource('Campaign', { title: text, starts: z.iso.date() }))
