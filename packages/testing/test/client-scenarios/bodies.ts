import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type AnyClient, type Scenario, scenario } from './scenario.ts'

const THIS_FILE = fileURLToPath(import.meta.url)

export const bodies: Scenario[] = [
  scenario('send object', (c) => c.post('/json').send({ sku: 1 })),
  scenario('send merges', (c) => c.post('/json').send({ a: 1, b: 1 }).send({ b: 2 })),
  scenario('send array', (c) => c.post('/json').send([1, { a: 2 }])),
  scenario('send empty array', (c) => c.post('/json').send([])),
  scenario('send string as form', (c) => c.post('/form').send('a=1').send('b=2')),
  scenario('send string as JSON', (c) => c.post('/json').type('json').send('{"a":1}')),
  scenario('send strings of a type join', (c) => c.post('/text').type('text/plain').send('a').send('b')),
  scenario('send Buffer', (c) =>
    c
      .post('/echo')
      .type('application/octet-stream')
      .send(Buffer.from([0, 1, 255])),
  ),
  scenario('send Buffer untyped', (c) => c.post('/echo').send(Buffer.from('abc'))),
  scenario('send a big Buffer', (c) => c.post('/echo').type('text/plain').send(Buffer.alloc(50_000, 'x'))),
  scenario('send null as JSON', (c) => c.post('/echo').type('json').send(null)),
  scenario('send nothing', (c) => c.post('/echo').send()),
  scenario('send a number as JSON', (c) => c.post('/echo').type('json').send(5)),
  scenario('send true as JSON', (c) => c.post('/echo').type('json').send(true)),
  scenario('send __proto__', (c) => c.post('/echo').send(JSON.parse('{"__proto__":{"a":1}}'))),
  scenario('send a nested form', (c) =>
    c
      .post('/form')
      .type('form')
      .send({ a: { b: [1, 2] }, c: null }),
  ),
  scenario('send unicode', (c) => c.post('/json').send({ text: 'Grüße 世界 🎉' })),
  scenario('send a circular object', (c) => {
    const value: Record<string, unknown> = { a: 1, b: { c: 2 } }
    value.self = value
    return c.post('/json').send(value)
  }),
  scenario('send with toJSON', (c) => c.post('/json').send({ at: new Date(0) })),
  scenario('send on GET', (c) => c.get('/echo').send({ a: 1 })),
  scenario('send on DELETE', (c) => c.delete('/echo').send({ a: 1 })),
  scenario('send on a JSON suffix', (c) => c.post('/echo').type('application/ld+json').send({ a: 1 })),
  scenario('send with charset', (c) =>
    c.post('/echo').set('Content-Type', 'application/json; charset=utf-8').send({ a: 1 }),
  ),
  scenario('serialize', (c) =>
    c
      .post('/text')
      .type('xml')
      .serialize((data: { a: number }) => `<a>${data.a}</a>`)
      .send({ a: 1 }),
  ),
  scenario('serialize that throws', (c) =>
    c
      .post('/text')
      .type('xml')
      .serialize(() => {
        throw new Error('cannot')
      })
      .send({ a: 1 }),
  ),
  scenario('send a BigInt member fails', (c) => c.post('/json').send({ a: 1n })),
  scenario('send a BigInt fails', (c) => c.post('/json').send(1n)),
  scenario('send a stream fails', (c) =>
    c
      .post('/json')
      .send(Readable.from(['a']))
      .then(
        () => 'sent',
        (error: AnyClient) => Promise.reject(new TypeError(error.name)),
      ),
  ),
  scenario('send after Buffer fails', (c) => c.post('/json').send(Buffer.from('a')).send({ a: 1 })),
  scenario('send after field fails', (c) => c.post('/upload').field('a', '1').send({ a: 1 })),
  scenario('field after send fails', (c) => c.post('/upload').send({ a: 1 }).field('a', '1')),
  scenario('attach after send fails', (c) => c.post('/upload').send({ a: 1 }).attach('a', Buffer.from('x'), 'x')),
  scenario('field without name fails', (c) => c.post('/upload').field(undefined, '1')),
  scenario('field without value fails', (c) => c.post('/upload').field('a', null)),
  scenario('field', (c) => c.post('/upload').field('name', 'ada').field('n', 1).field('yes', true)),
  scenario('field object', (c) => c.post('/upload').field({ a: '1', b: ['x', 'y'] })),
  scenario('attach Buffer', (c) => c.post('/upload').attach('doc', Buffer.from('content'), 'doc.txt')),
  scenario('attach Buffer with options', (c) =>
    c.post('/upload').attach('doc', Buffer.from('{}'), { filename: 'a.json', contentType: 'application/json' }),
  ),
  scenario('field that has a path is no file', (c) => c.post('/upload').field('a', { path: THIS_FILE })),
  scenario('attach a path', (c) => c.post('/upload').attach('self', THIS_FILE)),
  scenario('attach a path under a name', (c) => c.post('/upload').attach('self', THIS_FILE, 'renamed.ts')),
  scenario('attach nothing', (c) => c.post('/upload').attach('a', undefined).field('b', '1')),
  scenario('field and attach', (c) => c.post('/upload').field('a', '1').attach('b', Buffer.from('2'), 'b.bin')),
  scenario('field with type set', (c) => c.post('/upload').type('multipart/form-data').field('a', '1')),
  scenario('write', (c) => {
    const request = c.post('/text').type('text/plain')
    request.write('a')
    request.write('b')
    return request
  }),
]
