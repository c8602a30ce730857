import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import busboy from 'busboy'
import formidable from 'formidable'
import { describe, expect, it } from 'vitest'
import { BadRequestError } from '../src/index.ts'
import { parseMultipart } from '../src/message/form.ts'

const type = 'multipart/form-data; boundary=b'
const bodyOf = (disposition: string): Buffer =>
  Buffer.from(`--b\r\nContent-Disposition: ${disposition}\r\nContent-Type: text/plain\r\n\r\nvalue\r\n--b--\r\n`)

/** Names of the parts, and of their files. */
type Parts = [name: string, filename?: string][] | 'refused'

function byCore(disposition: string): Parts {
  try {
    const fields = parseMultipart(bodyOf(disposition), type)
    return Object.entries(fields).map(([name, value]) =>
      typeof value === 'string' ? [name] : [name, (value as { name: string }).name],
    )
  } catch (error) {
    expect(error).toBeInstanceOf(BadRequestError)
    return 'refused'
  }
}

/** busboy skips a part that it cannot read. */
const byBusboy = (disposition: string): Promise<Parts> =>
  new Promise((resolve, reject) => {
    const parts: [string, string?][] = []
    const parser = busboy({ headers: { 'content-type': type }, preservePath: true })
    parser.on('field', (name: string | undefined) => name !== undefined && parts.push([name]))
    parser.on('file', (name, file, { filename }) => {
      parts.push([name, filename ?? ''])
      file.resume()
    })
    parser.on('error', reject).on('close', () => resolve(parts.length > 0 ? parts : 'refused'))
    Readable.from([bodyOf(disposition)]).pipe(parser)
  })

async function byFormidable(disposition: string): Promise<Parts> {
  let parts: Parts = 'refused'
  const server = createServer(async (req, res) => {
    const form = formidable({
      fileWriteStreamHandler: () => new (process.getBuiltinModule('node:stream').PassThrough)().resume() as never,
    })
    const seen: [string, string?][] = []
    form.on('fileBegin', (name, file) => seen.push(file.originalFilename ? [name, file.originalFilename] : [name]))
    form.on('field', (name) => seen.push([name]))
    try {
      await form.parse(req)
      if (seen.length > 0) parts = seen
    } catch {}
    res.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const body = bodyOf(disposition)
    await (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers: { 'content-type': type }, body })).text()
    return parts
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('the header of a part', () => {
  it.each([
    ['form-data; name="a"', [['a']]],
    ['form-data; name=a', [['a']]],
    ['FORM-DATA; NAME="a"', [['a']]],
    ['form-data;name="a";filename="f.txt"', [['a', 'f.txt']]],
    ['form-data; filename="f.txt"; name="a"', [['a', 'f.txt']]],
    ['form-data; name="a; b"', [['a; b']]],
    ['form-data; name="a"; filename="x; name=evil"', [['a', 'x; name=evil']]],
    ['form-data; filename="x; name=evil"; name="a"', [['a', 'x; name=evil']]],
    ['form-data; name="; filename=evil.sh"', [['; filename=evil.sh']]],
    ['form-data; filename="; name=evil; x=\\""; name="a"', [['a', '; name=evil; x="']]],
    ['form-data; name="a"; filename="C:\\dir\\f.txt"', [['a', 'C:\\dir\\f.txt']]],
    ['form-data; name="a"; name="b"', [['a']]],
  ] as [string, Parts][])('%s: as busboy reads it', async (disposition, parts) => {
    expect(byCore(disposition)).toEqual(parts)
    expect(await byBusboy(disposition)).toEqual(parts)
  })

  it.each([
    ['form-data; name="a"; filename="x; name=evil"', [['a', 'x; name=evil']]],
    ['form-data; filename="x; y=1"; name="a"', [['a', 'x; y=1']]],
    ['form-data; name="a; b"', [['a; b']]],
  ] as [string, Parts][])('%s: as formidable reads it', async (disposition, parts) => {
    expect(byCore(disposition)).toEqual(parts)
    expect(await byFormidable(disposition)).toEqual(parts)
  })

  it('an empty file name is that of a file input without a file, and still a file', () =>
    expect(byCore('form-data; name="a"; filename=""')).toEqual([['a', '']]))

  it.each(['form-data', 'form-data; =a', 'form-data; filename="f"', ''])(
    '%s: a part without a name is refused',
    (disposition) => expect(byCore(disposition)).toBe('refused'),
  )

  it.each([
    'form-data; name="a; filename=b',
    'form-data; name="a"; filename="b\\"',
    'form-data; name="a"x; filename=b',
    'form-data; filename="x',
    '"form-data; name=evil"',
  ])('%s: refused, and skipped by busboy', async (disposition) => {
    expect(byCore(disposition)).toBe('refused')
    expect(await byBusboy(disposition)).toBe('refused')
  })
})
