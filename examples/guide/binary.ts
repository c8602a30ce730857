// Bytes in and out, and compressed answers.
import { createApp } from '@expressway/core'

const pixel = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64')
const rows = Array.from({ length: 200 }, (_, id) => ({ id, name: `row ${id}` }))

export const app = createApp({ compress: true })

app.get('/pixel.gif', () => [200, 'image/gif', pixel])
app.post('/size', (req) => ({ bytes: req.bytes().length }))

app.get('/rows', () => rows)
app.get('/plain-rows', { compress: false }, () => rows)
app.get('/model.bin', { compress: true }, () => Buffer.alloc(500))
app.get('/brotli-only', { compress: { threshold: 100, encodings: ['br'] } }, () => rows)
