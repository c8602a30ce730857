// Bytes are bytes: base64 is put on and taken off where the event source asks for it.
import { createApp } from '@expressway/core'

const pixel = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64')

const app = createApp()

app.get('/pixel.gif', { cacheControl: 'public, max-age=31536000, immutable' }, () => [200, 'image/gif', pixel])

app.post('/reverse', (req) => Uint8Array.from(req.bytes()).reverse())

export { app }
export const handler = app.handler
