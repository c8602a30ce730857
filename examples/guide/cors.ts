// Which web pages may read the answers.
import { createApp } from '@expressway/core'

export const app = createApp({
  cors: {
    allowOrigin: ['https://www.example.com', /https:\/\/\w+\.preview\.example\.com/],
    allowHeaders: ['X-Tenant'],
    exposeHeaders: ['X-Total'],
    maxAge: 600,
    allowCredentials: true,
  },
})

app.get('/orders', (_req, res) => res.set('x-total', 2).json([1, 2]))
app.delete('/orders/:id', () => ({ deleted: true }))
app.get('/health', { cors: false }, () => 'ok')
app.get('/public', { cors: { allowOrigin: '*' } }, () => 'for every page')
