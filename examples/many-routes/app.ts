// 200 routes: four areas in files of their own, five resources in each, ten routes for each resource.
import { createApp } from '@expressway/core'
import type { OpenApiOptions } from '@expressway/core/openapi'
import { people } from './people.ts'
import { projects } from './projects.ts'
import { sales } from './sales.ts'
import { stock } from './stock.ts'

export const app = createApp()
app.use('/people', people)
app.use('/projects', projects)
app.use('/sales', sales)
app.use('/stock', stock)

export const openapiOptions: OpenApiOptions = { title: 'Back office', version: '1.0.0' }
export const handler = app.handler
