// A form with a picture, and the picture again: fields are text, files are bytes, on every event source.
import { randomUUID } from 'node:crypto'
import { BadRequestError, ContentTooLargeError, createApp, HttpError, NotFoundError, reply } from '@expressway/core'

// An event has at most 6 MB, and base64 makes 4 bytes of 3: larger files go to S3 by a presigned URL, see README.md.
const limit = 4 * 1024 * 1024

// The first bytes say what a file is; its name and its type are what the client claims.
const signatures = { 'image/png': '89504e470d0a1a0a', 'image/jpeg': 'ffd8ff' }

interface Picture {
  title: string
  name: string
  type: string
  bytes: Uint8Array
}
const pictures = new Map<string, Picture>() // stands for a bucket

export const app = createApp()

app.get('/', () => [
  200,
  'text/html; charset=utf-8',
  `<!doctype html>
<form method="post" action="pictures" enctype="multipart/form-data">
  <input name="title" required> <input name="picture" type="file" accept="image/png,image/jpeg" required> <button>Send</button>
</form>`,
])

app.post('/pictures', (req) => {
  if (req.bytes().length > limit) {
    throw new ContentTooLargeError('The form has more than 4 MB: ask for a presigned URL and send the file to S3')
  }
  const { title, picture } = req.form()
  if (typeof title !== 'string') throw new BadRequestError('The form needs one title')
  if (typeof picture !== 'object' || Array.isArray(picture)) throw new BadRequestError('The form needs one picture')

  const start = Buffer.from(picture.bytes.subarray(0, 8)).toString('hex')
  const [type] = Object.entries(signatures).find(([, signature]) => start.startsWith(signature)) ?? []
  if (type === undefined) throw new HttpError(415, 'The picture is neither a PNG nor a JPEG')

  // The key is ours. The client's file name is text to show, and never a part of a path.
  const id = randomUUID()
  pictures.set(id, { title, name: picture.name, type, bytes: picture.bytes })
  return reply({
    status: 201,
    headers: { location: `${req.basePath}/pictures/${id}` },
    body: { id, title, name: picture.name, type, size: picture.bytes.length },
  })
})

app.get('/pictures/:id', { cacheControl: 'private, max-age=3600', etag: true }, (req, res) => {
  const picture = pictures.get(req.params.id)
  if (picture === undefined) throw new NotFoundError()
  res.set('x-content-type-options', 'nosniff').send(picture.bytes, picture.type)
})

export const handler = app.handler
