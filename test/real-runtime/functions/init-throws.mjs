import { createApp } from '@expressway/core'

const app = createApp()
app.get('/a/:', () => 'x')

export const { handler } = app
