import { type AnyClient, type Scenario, scenario, UNTYPED } from './scenario.ts'

export const expectations: Scenario[] = [
  scenario('expect status', (c) => c.get('/hello').expect(200)),
  scenario('expect status fails', (c) => c.get('/hello').expect(201)),
  scenario('expect unknown status fails', (c) => c.get('/hello').expect(299)),
  scenario('expect status and text', (c) => c.get('/hello').expect(200, 'Hello ada!')),
  scenario('expect status and text fails', (c) => c.get('/hello').expect(200, 'Hello bob!')),
  scenario('expect status and undefined fails', (c) => c.get('/hello').expect(200, undefined)),
  scenario('expect status and RegExp', (c) => c.get('/hello').expect(200, /ada/)),
  scenario('expect status and object', (c) => c.get('/a').expect(200, { a: 1, b: [1, 2, { c: null }] })),
  scenario('expect status and object fails', (c) => c.get('/a').expect(200, { a: 2 })),
  scenario('expect status and null', (c) => c.get('/json-null').expect(200, null)),
  scenario('expect status and null fails', (c) => c.get('/a').expect(200, null)),
  scenario('expect statuses', (c) => c.get('/hello').expect([200, 404])),
  scenario('expect statuses fails', (c) => c.get('/hello').expect([201, 202])),
  scenario('expect text', (c) => c.get('/hello').expect('Hello ada!')),
  scenario('expect text fails', (c) => c.get('/a').expect('x')),
  scenario('expect RegExp', (c) => c.get('/hello').expect(/^Hello/)),
  scenario('expect RegExp fails', (c) => c.get('/a').expect(/zz/)),
  scenario('expect object', (c) => c.get('/a').expect({ a: 1, b: [1, 2, { c: null }] })),
  scenario('expect object fails', (c) => c.get('/a').expect({ a: 1 })),
  scenario('expect object is strict', (c) => c.get('/json-array').expect(['1', '2', '3'])),
  scenario('expect an array of numbers is statuses', (c) => c.get('/json-array').expect([1, 2, 3])),
  scenario('expect an empty array is a body', (c) => c.get('/json-array').expect([])),
  scenario('expect text of bytes fails', (c) => c.get('/png').expect('x')),
  scenario('expect bytes', (c) => c.get('/octets').expect(Buffer.from([0, 1, 2, 254, 255]))),
  scenario('expect bytes fails', (c) => c.get('/octets').expect(Buffer.from([0]))),
  scenario('expect body of 204', (c) => c.get('/no-content').expect(204, {}), UNTYPED),
  scenario('expect text of 204', (c) => c.get('/no-content').expect(204, ''), UNTYPED),
  scenario('expect header', (c) => c.get('/headers').expect('X-Number', '1')),
  scenario('expect header number', (c) => c.get('/headers').expect('x-number', 1)),
  scenario('expect header fails', (c) => c.get('/headers').expect('X-Number', '2')),
  scenario('expect header number fails', (c) => c.get('/headers').expect('X-Number', 2)),
  scenario('expect header RegExp', (c) => c.get('/hello').expect('Content-Type', /html/)),
  scenario('expect header RegExp fails', (c) => c.get('/headers').expect('X-Number', /9/)),
  scenario('expect missing header fails', (c) => c.get('/headers').expect('Y', '1')),
  scenario('expect missing header RegExp fails', (c) => c.get('/headers').expect('Y', /1/)),
  scenario('expect empty header', (c) => c.get('/headers').expect('X-Empty', '')),
  scenario('expect repeated header', (c) => c.get('/headers').expect('X-Many', 'one, two')),
  scenario('expect set-cookie', (c) => c.get('/cookies/set').expect('Set-Cookie', /theme=dark/)),
  scenario('expect set-cookie fails', (c) => c.get('/cookies/set').expect('Set-Cookie', 'theme=light')),
  scenario('expect function', (c) =>
    c
      .get('/a')
      .expect((res: AnyClient) => {
        res.body.a = 'changed'
      })
      .expect({ a: 'changed', b: [1, 2, { c: null }] }),
  ),
  scenario('expect function throws', (c) =>
    c.get('/a').expect(() => {
      throw new TypeError('own failure')
    }),
  ),
  scenario('expect function returns an error', (c) => c.get('/a').expect(() => new Error('returned'))),
  scenario('expect function returns a string', (c) => c.get('/a').expect(() => 'ignored')),
  scenario('expect function returns a promise', (c) => c.get('/a').expect(async () => 'ignored')),
  scenario('expect in order', (c) => c.get('/a').expect(500).expect('nope').expect('X', '1')),
  scenario('expect of a broken body', (c) => c.get('/json-broken').expect(200)),
  scenario('expect 404 is no error', (c) => c.get('/nowhere').expect(404)),
  scenario('4xx without expect resolves', (c) => c.get('/status/404')),
  scenario('ok that throws', (c) =>
    c.get('/a').ok(() => {
      throw new Error('not ok')
    }),
  ),
  scenario('ok that refuses', (c) =>
    c
      .get('/a')
      .ok(() => false)
      .expect(200),
  ),
  scenario('ok without function fails', (c) => c.get('/a').ok('yes')),
]
