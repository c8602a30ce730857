// Real Express as it is, 4 or 5: no import changes.
import { toLambdaHandler } from '@expressway/express-shim/listener'
import express from 'express'

const app = express()
app.get('/hello/:name', (req, res) => void res.json({ hello: req.params.name }))

export const handler = toLambdaHandler(app)

export { app }
