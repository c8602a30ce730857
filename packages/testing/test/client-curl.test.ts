import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import request, { fromCurl } from '../src/client/client.ts'
import { parseCurl } from '../src/client/request/curl.ts'

// biome-ignore lint/suspicious/noExplicitAny: an event of a function URL
const echo = async (event: any) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    method: event.requestContext.http.method,
    target: event.rawPath + (event.rawQueryString && `?${event.rawQueryString}`),
    headers: event.headers,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString('latin1'),
  }),
})
const curl = (command: string) => fromCurl(echo, command, { gateway: 'url' })

describe('toCurl', () => {
  test.each([
    [
      'a GET',
      request(echo).get('/a?b=1').set('X-One', "it's"),
      `curl 'https://api.example.com/a?b=1' -H 'X-One: it'\\''s' --compressed`,
    ],
    ['a HEAD', request(echo).head('/'), `curl --head 'https://api.example.com/' --compressed`],
    [
      'JSON',
      request(echo).post('/o').query({ a: 1 }).send({ sku: 1 }),
      `curl -X POST 'https://api.example.com/o?a=1' -H 'Content-Type: application/json' --compressed --data-binary '{"sku":1}'`,
    ],
    [
      'bytes',
      request(echo)
        .put('/')
        .send(Buffer.from([0, 255])),
      `echo AP8= | base64 -d | curl -X PUT 'https://api.example.com/' --compressed --data-binary @-`,
    ],
    ['a domain', request(echo).get('/').domain('api.test'), `curl 'https://api.test/' --compressed`],
  ])('%s', async (_, sent, expected) => {
    expect(await sent.toCurl()).toBe(expected)
  })

  test('leaves the request as it is', async () => {
    const sent = request(echo, { gateway: 'url' }).post('/').query({ a: 1 }).send({ b: 2 })
    expect(await sent.toCurl()).toBe(await sent.toCurl())
    expect((await sent).body).toMatchObject({ target: '/?a=1', body: '{"b":2}' })
  })

  test('is what a shell makes of it, and comes back', async () => {
    const field = fc.string({ unit: 'grapheme-ascii', maxLength: 12 }).map((value) => value.trim())
    await fc.assert(
      fc.asyncProperty(field, fc.string({ maxLength: 20 }), async (value, body) => {
        const sent = request(echo, { gateway: 'url' })
          .post('/x')
          .set('X-Value', value)
          .type('text/plain')
          .send(`b${body}`)
        const command = await sent.toCurl()
        if (body.includes('\0')) return
        const { headers, body: parsed } = parseCurl(command)
        expect(Object.fromEntries(headers)['X-Value']).toBe(value)
        expect(parsed).toBe(`b${body}`)
      }),
      { numRuns: 100 },
    )
    const command = await request(echo)
      .post('/')
      .set('X-One', `'"$HOME \\`)
      .type('text/plain')
      .send("a'b\n$(id)")
      .toCurl()
    const words = execFileSync('sh', ['-c', command.replace(/^curl/, 'printf "%s\\0"')], { stdio: 'pipe' })
      .toString()
      .split('\0')
    expect(words).toContain(`X-One: '"$HOME \\`)
    expect(words).toContain("a'b\n$(id)")
  })
})

describe('fromCurl', () => {
  test.each([
    ['curl https://example.com', { method: 'GET', target: '/' }],
    ["curl 'https://example.com/a?b=1#c'", { method: 'GET', target: '/a?b=1' }],
    ['curl example.com/a', { target: '/a' }],
    ['curl /a', { target: '/a' }],
    ['curl -X DELETE https://example.com/a', { method: 'DELETE' }],
    ['curl -XPUT https://example.com/a', { method: 'PUT' }],
    ['curl --request=PATCH --url https://example.com/a', { method: 'PATCH', target: '/a' }],
    ['curl https://e.com -d a=1 -d b=2', { method: 'POST', body: 'a=1&b=2' }],
    ['curl -G https://e.com/?x=0 -d a=1', { method: 'GET', target: '/?x=0&a=1', body: '' }],
    [`curl https://e.com --json '{"a":1}'`, { method: 'POST', body: '{"a":1}' }],
    [
      `curl https://e.com -H 'X-One: a: b' -H "X-Two: \\"q\\""`,
      { headers: expect.objectContaining({ 'x-one': 'a: b', 'x-two': '"q"' }) },
    ],
    [
      'curl -u ada:love:lace https://e.com',
      { headers: expect.objectContaining({ authorization: 'Basic YWRhOmxvdmU6bGFjZQ==' }) },
    ],
    [
      'curl -A agent -e https://r.com -b a=1 https://e.com',
      { headers: expect.objectContaining({ 'user-agent': 'agent', referer: 'https://r.com' }) },
    ],
    [
      "curl 'https://e.com' \\\n  -H 'X-One: 1' \\\n  --compressed -sS -L",
      { headers: expect.objectContaining({ 'x-one': '1' }) },
    ],
    [`curl https://e.com --data-raw $'it\\'s \\u00fc\\n'`, { body: "it's \xc3\xbc\n" }],
    ['curl https://e.com --data-urlencode "q=a b&c"', { body: 'q=a%20b%26c' }],
  ])('%s', async (command, expected) => {
    expect((await curl(command)).body).toMatchObject(expected)
  })

  test('a form with a file', async () => {
    const { body } = await curl(`curl https://e.com -F name=ada -F "file=@${import.meta.filename}"`)
    expect(body.body).toContain('name="name"\r\n\r\nada')
    expect(body.body).toContain('filename="client-curl.test.ts"')
  })

  test('a HEAD has no body', async () => {
    await curl('curl -I https://example.com/a').expect(200)
  })

  test.each([
    ['curl', 'names no URL'],
    ['curl --proxy x https://e.com', "does not know curl's option --proxy"],
    ['curl https://e.com -H', '-H needs a value'],
  ])('refuses: %s', (command, message) => {
    expect(() => curl(command)).toThrow(message)
  })
})
