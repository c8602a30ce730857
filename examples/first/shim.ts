import express from '@expressway/express-shim' // was: 'express'

const app = express()

app.get('/hello/:username', (req, res) => {
  res.send(`Hello ${req.params.username}!`)
})

if (import.meta.main) app.listen(3000) // `node app.ts` is a server, still
export const handler = app.handler
