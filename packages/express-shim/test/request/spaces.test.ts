import { createRequire } from 'node:module'
import realExpress from 'express'
import rangeParser from 'range-parser'
import { describe, expect, it } from 'vitest'
import { acceptedEncodings, acceptedLanguages, acceptedTypes, typeIs } from '../../src/http/accepts.ts'
import { isFresh } from '../../src/http/fresh.ts'
import { parseMediaType } from '../../src/http/media-type.ts'
import { contentType, extension } from '../../src/http/mime.ts'
import { parseRange } from '../../src/http/range.ts'
import { addToVary } from '../../src/http/vary.ts'
import express from '../../src/index.ts'

// The libraries that Express itself loads.
const load = createRequire(createRequire(import.meta.url).resolve('express'))
const accepts = load('accepts')
const fresh = load('fresh')
const typeis = load('type-is')
const vary = load('vary')
const mime = load('mime-types')

// Of Unicode's spaces only U+00A0 reaches a server: a field has octets, and Node reads them as Latin-1.
const spaces = { SP: ' ', HTAB: '\t', 'U+00A0': '\u00a0' }
/** Texts with a space at the places at which a grammar may have one. */
const around = (space: string, ...words: string[]): string[] => [
  words.join(space),
  words.map((word) => space + word).join(''),
  words.map((word) => word + space).join(''),
  words.map((word) => space + word + space).join(''),
]

describe.each(Object.entries(spaces))('%s around what a client sends is as Express reads it', (_name, space) => {
  const message = (name: string, value: string) => ({ headers: { [name]: value } })

  it('in lists of what it accepts', () => {
    for (const text of around(space, 'text/html', ';', 'q=0.5', ',', 'image/png')) {
      expect(acceptedTypes(text, ['html', 'png'])).toEqual(accepts(message('accept', text)).types(['html', 'png']))
    }
    for (const text of around(space, 'gzip', ';', 'q=0.5', ',', 'br')) {
      expect(acceptedEncodings(text, ['gzip', 'br'])).toEqual(
        accepts(message('accept-encoding', text)).encodings(['gzip', 'br']),
      )
    }
    for (const text of around(space, 'de', ';', 'q=0.5', ',', 'en')) {
      expect(acceptedLanguages(text, ['de', 'en'])).toEqual(
        accepts(message('accept-language', text)).languages(['de', 'en']),
      )
    }
  })

  it('in conditions', () => {
    for (const tags of around(space, '"a"', ',', 'W/"b"')) {
      for (const control of ['', ...around(space, 'max-age=0', ',', 'no-cache'), ...around(space, 'no-cache')]) {
        const headers = { 'if-none-match': tags, ...(control && { 'cache-control': control }) }
        expect([headers, isFresh(headers, 'W/"b"', undefined)]).toEqual([headers, fresh(headers, { etag: 'W/"b"' })])
      }
    }
  })

  it('in ranges', () => {
    for (const text of [...around(space, '0', '-', '4', ',', '-', '2'), ...around(space, '0-4')]) {
      expect([text, parseRange(10, `bytes=${text}`)]).toEqual([text, rangeParser(10, `bytes=${text}`)])
    }
  })

  it('in media types', () => {
    for (const text of around(space, 'text/html', ';', 'charset=utf-8')) {
      const request = { headers: { 'content-type': text, 'content-length': '1' } }
      expect([text, typeIs(text, ['html'])]).toEqual([text, typeis(request, ['html'])])
      expect([text, extension(text)]).toEqual([text, mime.extension(text)])
      expect([text, contentType(text)]).toEqual([text, mime.contentType(text)])
      expect(parseMediaType(text)).toEqual(load('content-type').parse(text))
    }
  })

  it('in Vary', () => {
    for (const text of around(space, 'Accept', ',', 'Origin')) {
      const outcome = (run: () => string) => {
        try {
          return run()
        } catch (error) {
          return (error as Error).message
        }
      }
      expect([text, outcome(() => addToVary('', text))]).toEqual([text, outcome(() => vary.append('', text))])
    }
  })

  it('in the fields of proxies', () => {
    const read = (create: typeof express, headers: Record<string, string>) => {
      const app = create().set('trust proxy', true)
      const req = Object.create(app.request, {
        app: { value: app },
        headers: { value: headers },
        socket: { value: { remoteAddress: '192.0.2.1' } },
        connection: { value: { remoteAddress: '192.0.2.1' } },
      })
      return [headers, req.protocol, req.secure, req.host, req.hostname, req.ip, req.ips]
    }
    for (const protocol of around(space, 'https', ',', 'http')) {
      for (const host of around(space, 'a.example', ',', 'b.example')) {
        for (const addresses of around(space, '192.0.2.7', ',', '192.0.2.8')) {
          const headers = {
            'x-forwarded-proto': protocol,
            'x-forwarded-host': host,
            'x-forwarded-for': addresses,
          }
          expect(read(express, headers)).toEqual(read(realExpress as unknown as typeof express, headers))
        }
      }
    }
  })
})
