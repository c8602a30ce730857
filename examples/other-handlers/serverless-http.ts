import express from 'express'
import serverless from 'serverless-http'

const app = express()
app.get('/hello/:name', (req, res) => void res.cookie('a', '1').cookie('b', '2').json({ hello: req.params.name }))

const proxy = serverless(app)
export const handler = (event: object, context: object) => proxy(event, context)
