import request from '@expressway/testing'
import { type GatewayName, gatewayNames } from '@expressway/testing/gateway'
import { describe, expect, it } from 'vitest'
import { app } from './app.ts'

const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
])
const binaryTypes = ['*/*'] // as in template.yaml

const send = (gateway: GatewayName, bytes: Buffer, filename = 'cat.png') =>
  request(app, { gateway })
    .post('/pictures')
    .binaryMediaTypes(binaryTypes)
    .field('title', 'Cat')
    .attach('picture', bytes, { filename, contentType: 'image/png' })

describe.each(gatewayNames)('%s', (gateway) => {
  it('takes a picture and gives back each of its bytes', async () => {
    const sent = await send(gateway, png, 'Zoë & Söhne.png').expectGateway('ok').expect(201)
    expect(sent.body).toMatchObject({ title: 'Cat', name: 'Zoë & Söhne.png', type: 'image/png', size: png.length })

    const path = `/pictures/${sent.body.id}`
    const got = await request(app, { gateway })
      .get(path)
      .binaryMediaTypes(binaryTypes)
      .accept('image/avif,image/png,*/*;q=0.8')
      .expectGateway('ok')
      .expect(200)
      .expect('content-type', 'image/png')
    expect(png.equals(got.body)).toBe(true)
    await request(app, { gateway }).get(path).set('if-none-match', got.get('etag')!).expect(304)
  })
})

it('links to the picture below the stage', () =>
  send('rest-api', png)
    .stage('prod')
    .expect(201)
    .expect('location', /^\/prod\/pictures\/[\w-]+$/))

it('keeps a path in a file name as text', async () => {
  const part = (name: string, value: string | Buffer) =>
    Buffer.concat([Buffer.from(`--x\r\nContent-Disposition: form-data; ${name}\r\n\r\n`), Buffer.from(value)])
  const form = [part('name="title"', 'Cat\r\n'), part('name="picture"; filename="../../etc/passwd"', png), '\r\n--x--']
  const { body } = await request(app)
    .post('/pictures')
    .type('multipart/form-data; boundary=x')
    .send(Buffer.concat(form.map((each) => Buffer.from(each))))
    .expect(201)
  expect(body).toMatchObject({ id: expect.stringMatching(/^[\w-]{36}$/), name: '../../etc/passwd' })
})

it('believes the bytes and not the name or the type', () =>
  send('http-api', Buffer.from('<script>'), 'cat.png').expect(415, /neither a PNG nor a JPEG/))

it('finds out that a REST API without binary types has damaged the file', () =>
  send('rest-api', png).binaryMediaTypes([]).expect(415))

it('names the way out for a large file', () =>
  send('function-url', Buffer.concat([png], 4.2e6)).expect(413, /presigned URL/))

it.each(['rest-api', 'http-api', 'function-url', 'alb'] as const)('%s refuses a larger one itself', async (gateway) => {
  const response = await send(gateway, Buffer.concat([png], 6e6)).expect(413)
  expect(response.event).toBeUndefined()
})

it.each([
  ['no title', () => request(app).post('/pictures').attach('picture', png, 'a.png'), 'The form needs one title'],
  ['no file', () => request(app).post('/pictures').field('title', 'Cat'), 'The form needs one picture'],
  ['two files', () => send('http-api', png).attach('picture', png, 'b.png'), 'The form needs one picture'],
  ['JSON', () => request(app).post('/pictures').send({}), 'The request body is not a form: application/json'],
] as const)('says what is wrong with a form that has %s', async (_, form, message) => {
  await form().expect(400, { statusCode: 400, message })
})

it('answers 404 for a picture that is not there', () => request(app).get('/pictures/none').viaAll().expect(404))

it('has a page with the form', () =>
  request(app)
    .get('/')
    .viaAll()
    .expect('content-type', /html/)
    .expect(/multipart/))
