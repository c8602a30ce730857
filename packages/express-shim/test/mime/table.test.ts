import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentType, extension, mimeType, readLines } from '../../src/http/mime.ts'
import * as table from '../../src/http/mime-table.ts'
import { generateMimeTable } from './generate.ts'

interface MimeTypes {
  types: Record<string, string>
  extensions: Record<string, string[]>
  lookup(path: string): string | false
  contentType(type: string): string | false
  extension(type: string): string | false
}

const require = createRequire(import.meta.url)
const fromSend = createRequire(require.resolve('send'))
const mimeTypes = fromSend('mime-types') as MimeTypes
const db = createRequire(fromSend.resolve('mime-types'))('mime-db') as Record<string, object>

const same = (input: string) => {
  expect([input, mimeType(input)]).toEqual([input, mimeTypes.lookup(input)])
  expect([input, contentType(input)]).toEqual([input, mimeTypes.contentType(input)])
  expect([input, extension(input)]).toEqual([input, mimeTypes.extension(input)])
}

describe('the MIME table', () => {
  it('is what the generator writes for the installed mime-db', () => {
    const { lines, charsets } = generateMimeTable()
    expect(readLines() === lines).toBe(true)
    expect(table.MIME_CHARSETS).toBe(charsets)
  })

  it('knows every extension and every type of mime-db as mime-types does', () => {
    const names = [...Object.keys(mimeTypes.types), ...Object.keys(db)]
    expect(Object.keys(mimeTypes.types).length).toBeGreaterThan(1200)
    expect(names.length).toBeGreaterThan(3500)
    for (const name of names) same(name)
  })

  it('stays small enough to ship in every bundle', () => {
    expect(Object.values(table).join('').length).toBeLessThan(9_800)
  })

  it('reads paths, dots, cases and parameters as mime-types does', () => {
    const inputs = [
      '',
      '.',
      '..',
      'x',
      '.HTML',
      'a/b.tar.gz',
      'dir.html/',
      'dir/html',
      'dir/.html',
      'file.',
      'a\\b.css',
    ]
    const types = [
      'text/html; charset=latin1',
      ' Text/HTML ;x',
      'TEXT/X',
      'application/JSON',
      'x/y; a="charset"',
      '/',
      ';',
    ]
    const names = ['__proto__', 'constructor', 'a.__proto__', 'hasOwnProperty', 'toString/x']
    for (const input of [...inputs, ...types, ...names]) same(input)
  })

  it('agrees with mime-types on generated names', () => {
    const part = fc.constantFrom('html', 'JS', 'text/', '.', '/', ';', ' ', 'charset', '+xml', 'a', 'é', '\\', 'tar.gz')
    fc.assert(fc.property(fc.array(part, { maxLength: 6 }), (parts) => same(parts.join(''))))
  })

  it('answers false for what is no string', () => {
    for (const call of [mimeType, contentType, extension] as ((value: unknown) => unknown)[]) {
      for (const value of [undefined, null, 1, {}, []]) expect(call(value)).toBe(false)
    }
  })
})
