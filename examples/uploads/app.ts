// An HTML form with a file: fields are text, files are bytes.
import { BadRequestError, createApp } from '@expressway/core'

const app = createApp()

app.post('/upload', (req) => {
  const { title, file } = req.form()
  if (typeof title !== 'string') throw new BadRequestError('The form has no title')
  if (typeof file !== 'object' || Array.isArray(file)) throw new BadRequestError('The form has no file')
  return { title, name: file.name, type: file.type, size: file.bytes.length }
})

export { app }
export const handler = app.handler
