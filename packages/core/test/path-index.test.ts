import { describe, expect, test, vi } from 'vitest'
import { compilePath, type Path, PathIndex, type PathOptions } from '../src/router/path-index.ts'

/** Params have no prototype, which `toEqual` does not ask for; text shows own `__proto__` too. */
function shown(found: unknown): string {
  return JSON.stringify(found)
}

type Case = [
  path: Path,
  given: string,
  params: Record<string, unknown> | undefined,
  options?: PathOptions,
  part?: string,
]

const matching: Case[] = [
  // Text
  ['/', '/', {}],
  ['/', '//', {}],
  ['/', '', undefined],
  ['', '/', {}],
  ['', '', {}],
  ['/a', '/a', {}],
  ['/a', '/A', {}],
  ['/A/b', '/a/B', {}],
  ['/a', '/A', undefined, { sensitive: true }],
  ['/A', '/A', {}, { sensitive: true }],
  ['/a', '/b', undefined],
  ['/a', '/ab', undefined],
  ['/a.b', '/axb', undefined],
  ['/k', '/\u212a', undefined],
  ['/i', '/\u0130', undefined],
  ['/s', '/\u017f', undefined],
  ['/é', '/É', {}],
  ['/é', '/É', undefined, { sensitive: true }],
  ['/a/b', '/a//b', undefined],
  ['/a//b', '/a//b', {}],
  ['foo', 'foo', {}],
  // A last slash
  ['/a', '/a/', {}],
  ['/a', '/a//', undefined],
  ['/a/', '/a', {}],
  ['/a/', '/a', undefined, { strict: true }],
  ['/a/', '/a/', {}, { strict: true }],
  ['/a', '/a/', undefined, { strict: true }],
  ['/:a', '/x/', { a: 'x' }],
  ['/:a', '/x/', undefined, { strict: true }],
  ['/:a/', '/x/', { a: 'x' }, { strict: true }],
  // Parameters
  ['/:a', '/', undefined],
  ['/:a', '//', undefined],
  ['/users/:id', '/users/7', { id: '7' }],
  ['/users/:id', '/USERS/Ab', { id: 'Ab' }],
  ['/users/:id', '/users/a%20b', { id: 'a b' }],
  ['/users/:id', '/users/a%2Fb', { id: 'a/b' }],
  ['/users/:id', '/users/a+b', { id: 'a+b' }],
  ['/users/:id', '/users/a\nb', { id: 'a\nb' }],
  ['/users/:id', '/users/7/x', undefined],
  ['/:"a b"/:$x_1', '/1/2', { 'a b': '1', $x_1: '2' }],
  ['/:größe', '/1', { größe: '1' }],
  ['/:a/:a', '/1/2', { a: '2' }],
  ['/:a-:b', '/x-y', { a: 'x', b: 'y' }],
  ['/:a-:b', '/x-y-z', { a: 'x-y', b: 'z' }],
  ['/:name{.:ext}', '/a.b.c', { name: 'a.b', ext: 'c' }],
  ['/:name{.:ext}', '/a', { name: 'a' }],
  ['/v:major/x', '/V2/x', { major: '2' }],
  // Wildcards
  ['/files/*path', '/files/a/b%20c', { path: ['a', 'b c'] }],
  ['/files/*path', '/files/a/', { path: ['a', ''] }],
  ['/files/*path', '/files//', { path: ['', ''] }],
  ['/files/*path', '/files/', undefined],
  ['/files/*path', '/files', undefined],
  ['/files/*path', '/files/a%2Fb', { path: ['a/b'] }],
  ['/*path/raw', '/a/b/raw', { path: ['a', 'b'] }],
  ['*all', '/a', { all: ['', 'a'] }],
  ['/{*all}', '/', {}],
  ['/{*all}', '/a', { all: ['a'] }],
  // Optional groups
  ['/users{/:id}', '/users', {}],
  ['/users{/:id}', '/users/', {}],
  ['/users{/:id}', '/users/7', { id: '7' }],
  ['{/:lang}/about', '/de/about', { lang: 'de' }],
  ['{/:lang}/about', '/about', {}],
  ['/a{/:b{/:c}}', '/a/1/2', { b: '1', c: '2' }],
  ['/a{/:b}{/:c}', '/a/1', { b: '1' }],
  ['/colo{u}r', '/color', {}],
  ['/colo{u}r', '/colour', {}],
  ['/:id{x}', '/ax', { id: 'a' }],
  ['/:id{x}', '/a', { id: 'a' }],
  ['/{:a}b', '/xb', { a: 'x' }],
  ['/:a{/}b', '/xb', { a: 'x' }],
  ['/:a{/}b', '/x/b', { a: 'x' }],
  // Escapes
  ['/\\:id', '/:id', {}],
  ['/a\\(b\\)', '/a(b)', {}],
  ['/things/:id\\:cancel', '/things/7:cancel', { id: '7' }],
  // Names that are something elsewhere
  ['/:__proto__/:constructor', '/1/2', JSON.parse('{"__proto__":"1","constructor":"2"}')],
  // Regular expressions
  [/^\/(\d+)\/(?<name>\w+)(\/x)?$/, '/7/ab', { 0: '7', name: 'ab' }],
  [/^\/(?:a|b)\/([^/(]+)\/(?=c)(c)$/, '/a/x/c', { 0: 'x', 1: 'c' }],
  [/^\/\((?<id>\d)(?<!x)\)[(\](](.)$/, '/(7)(a', { id: '7', 0: 'a' }],
  [/^\/(.*)$/, '/a%20b', { 0: 'a b' }],
  [/^\/a/, '/A', undefined],
  // Arrays
  [['/a/:x', '/b/:y'], '/b/1', { y: '1' }],
  [['/a/:x', ['/:y/1', /c/]], '/a/1', { x: '1' }],
  [[], '/', undefined],
  // Prefixes
  ['/', '/users/me', {}, { end: false }, ''],
  ['/', '', {}, { end: false }, ''],
  [['/'], '/users/me', undefined, { end: false }],
  ['', '/users', {}, { end: false }, ''],
  ['/api', '/api', {}, { end: false }, '/api'],
  ['/api', '/API/x', {}, { end: false }, '/API'],
  ['/api', '/api/', {}, { end: false }, '/api/'],
  ['/api', '/api//x', {}, { end: false }, '/api'],
  ['/api', '/apix', undefined, { end: false }],
  ['/api/', '/api/x', {}, { end: false }, '/api'],
  ['/api/', '/api/x', undefined, { end: false, strict: true }],
  ['/:v/x', '/1/x/y/z', { v: '1' }, { end: false }, '/1/x'],
  ['/a{/:b}', '/a/1/2', { b: '1' }, { end: false }, '/a/1'],
  ['/a/*rest', '/a/b/c', { rest: ['b', 'c'] }, { end: false }, '/a/b/c'],
  ['/:a-:b', '/1-2/3', { a: '1', b: '2' }, { end: false }, '/1-2'],
  [/^\/a/, '/abc', {}, { end: false }, '/a'],
]

describe('a pattern', () => {
  test.each(matching)('%s on %s gives %o %o', (path, given, params, options = {}, part = given) => {
    const router = new PathIndex<string>()
    router.add(path, 'x', options)
    const expected = params && { params, path: part }
    expect(shown(compilePath(path, options)(given))).toBe(shown(expected))
    expect(shown(router.find(undefined, given))).toBe(shown(expected && { value: 'x', ...expected }))
    if (expected) expect(router.candidates(given)).toEqual([0])
  })

  test('has params without a prototype, fresh for each match', () => {
    const router = new PathIndex<string>()
    for (const path of ['/text', '/p/:id', /^\/r(.)/]) router.add(path, 'x')
    for (const given of ['/text', '/p/1', '/r2']) {
      const params = router.find('GET', given)!.params
      expect(Object.getPrototypeOf(params)).toBeNull()
      params.own = 'changed'
      expect(router.find('GET', given)!.params).not.toHaveProperty('own')
    }
  })

  test('that is a RegExp with the flag g or y begins anew for every path', () => {
    for (const regexp of [/\/a/g, /\/a/y]) {
      const match = compilePath(regexp)
      expect([match('/a'), match('/a'), match('/a')].map((found) => found?.path)).toEqual(['/a', '/a', '/a'])
    }
  })

  test.each([undefined, null, 7, {}, Symbol('s'), ['/a', 7]])('that is %o is no path', (path) => {
    expect(() => compilePath(path as Path)).toThrow(/^A path is a string, a RegExp or an array of those, not /)
    expect(() => new PathIndex().add(path as Path, 1)).toThrow(TypeError)
  })
})

describe('the order of registration decides', () => {
  const orders: [paths: Path[], given: string, first: number, all: number[]][] = [
    [['/users/me', '/users/:id', '/users/*rest'], '/users/me', 0, [0, 1, 2]],
    [['/users/:id', '/users/me', '/users/*rest'], '/users/me', 0, [0, 1, 2]],
    [['/users/*rest', '/users/:id', '/users/me'], '/users/me', 0, [0, 1, 2]],
    [['/users/me', '/users/:id'], '/users/you', 1, [1]],
    [['/*all', '/a'], '/a', 0, [0, 1]],
    [[/a/, '/a', '/:x'], '/a', 0, [0, 1, 2]],
    [['/b', /b/, '/:a-:b', '/:x', '/:y{z}'], '/b-c', 1, [1, 2, 3, 4]],
    [['/:x/y', '/a/:y', '/a/y'], '/a/y', 0, [0, 1, 2]],
    [['/a/:y', '/:x/y'], '/a/y', 0, [0, 1]],
    [['/A', '/a'], '/a', 0, [0, 1]],
    [[['/x', '/:a'], '/b'], '/b', 0, [0, 1]],
    [['/:a{/:b}', '/:a/:b'], '/1/2', 0, [0, 1]],
    [['/a/', '/a', '/:x/'], '/a/', 0, [0, 1, 2]],
  ]

  test.each(orders)('%j on %s', (paths, given, first, all) => {
    const router = new PathIndex<number>()
    for (const [index, path] of paths.entries()) router.add(path, index)
    expect(router.find(undefined, given)?.value).toBe(first)
    expect(router.matches(given).map(({ value }) => value)).toEqual(all)
    expect(router.candidates(given)).toEqual(all)
  })

  test('where letter case counts for some entries and not for others', () => {
    const router = new PathIndex<string>()
    router.add('/A', 'sensitive text', { sensitive: true, key: 'POST' })
    router.add('/a', 'text', { key: 'GET' })
    router.add('/A/:x', 'sensitive', { sensitive: true })
    router.add('/a/:x', 'any case')
    const found = (key: string, path: string) => router.find(key, path)?.value
    expect(['/A', '/a'].map((path) => found('GET', path))).toEqual(['text', 'text'])
    expect(['/A', '/a'].map((path) => found('POST', path))).toEqual(['sensitive text', undefined])
    expect(['/A/1', '/a/1'].map((path) => found('GET', path))).toEqual(['sensitive', 'any case'])
  })

  test('after a lookup too', () => {
    const router = new PathIndex<string>()
    router.add('/a/:x', 'param')
    expect(router.find('GET', '/a/b')?.value).toBe('param')
    expect(router.find('GET', '/c')).toBeUndefined()
    router.add('/a/b', 'text')
    router.add('/c', 'late')
    expect(router.find('GET', '/a/b')?.value).toBe('param')
    expect(router.find('GET', '/c')?.value).toBe('late')
    expect(router.candidates('/a/b')).toEqual([0, 1])
    for (const path of ['/a/:y', '/a/b', '/a/*z', '/a/c', '/:x/d', '/a/d']) router.add(path, path)
    expect(router.candidates('/a/b')).toEqual([0, 1, 3, 4, 5])
    expect(router.candidates('/a/d')).toEqual([0, 3, 5, 7, 8])
    expect(router.find('GET', '/b/d')?.value).toBe('/:x/d')
    expect(router.size).toBe(9)
  })

  test('and an entry that several of its own patterns match is one', () => {
    const router = new PathIndex<string>()
    router.add(['/a', '/:x', /a/], 'several', { key: 'GET' })
    expect(router.matches('/a')).toHaveLength(1)
    expect(router.candidates('/a')).toEqual([0])
    expect(router.keys('/a')).toEqual(['GET'])
  })
})

describe('keys', () => {
  const router = new PathIndex<string>()
  router.add('/a', 'post', { key: 'POST' })
  router.add('/:x', 'any GET', { key: 'GET' })
  router.add('/a', 'again', { key: 'POST' })
  router.add('/a', 'all')
  router.add('/b/:id', 'put', { key: 'PUT' })
  router.add(/^\/b\/%/, 'odd', { key: 'DELETE' })

  test.each([
    ['POST', '/a', 'post'],
    ['GET', '/a', 'any GET'],
    ['PUT', '/a', 'all'],
    [undefined, '/a', 'all'],
    ['get', '/a', 'all'],
    ['POST', '/x', undefined],
  ])('%s %s finds %s', (key, path, value) => {
    expect(router.find(key, path)?.value).toBe(value)
  })

  test('are told each once, in order, without those of entries that have none', () => {
    expect(router.keys('/a')).toEqual(['POST', 'GET'])
    expect(router.keys('/nothing/here')).toEqual([])
  })

  test('are told where an escape is malformed', () => {
    expect(router.keys('/b/%zz')).toEqual(['PUT', 'DELETE'])
  })
})

describe('decoding', () => {
  test('is asked only for captured values that hold an escape', () => {
    const decode = vi.fn((value: string) => `<${value}>`)
    const router = new PathIndex<string>()
    router.add('/%41/:a/:b/*rest', 'segments', { decode })
    router.add('/odd/:a.:b', 'odd', { decode })
    router.add(/^\/r\/(.)(.+)/, 'regexp', { decode })
    expect({ ...router.find('GET', '/%41/x/%42/c/%43')?.params }).toEqual({ a: 'x', b: '<%42>', rest: ['c', '<%43>'] })
    expect({ ...router.find('GET', '/odd/x.%42')?.params }).toEqual({ a: 'x', b: '<%42>' })
    expect({ ...router.find('GET', '/r/x%42')?.params }).toEqual({ 0: 'x', 1: '<%42>' })
    expect(decode.mock.calls.flat()).toEqual(['%42', '%43', '%42', '%42'])
  })

  test('of a malformed escape throws, if the first match has it', () => {
    const router = new PathIndex<string>()
    router.add('/a/:x', 'first', { key: 'GET' })
    router.add('/a/*rest', 'second')
    router.add('/b/%zz', 'text')
    router.add('/b/:x', 'behind')
    expect(() => router.find('GET', '/a/%zz')).toThrow(URIError)
    expect(() => router.find('PUT', '/a/%')).toThrow(URIError)
    expect(() => router.matches('/a/%')).toThrow(URIError)
    expect(() => compilePath('/:x')('/%C3')).toThrow(URIError)
    expect(router.find('GET', '/b/%zz')?.value).toBe('text')
    expect(router.candidates('/a/%zz')).toEqual([0, 1])
  })
})

describe('the index', () => {
  /** How often a lookup consults a map, compares text or runs a regular expression. */
  function effort(run: () => unknown): number {
    const spies = [
      vi.spyOn(Map.prototype, 'get'),
      vi.spyOn(String.prototype, 'startsWith'),
      vi.spyOn(RegExp.prototype, 'exec'),
    ]
    try {
      run()
      return spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
  }

  function tableOf(size: number): PathIndex<number> {
    const router = new PathIndex<number>()
    router.add('/', 0, { end: false, key: 'NONE' })
    for (let n = 1; n < size; n++) {
      router.add([`/api/text${n}/list`, `/api/thing${n}/:id{/:sub}`, `/file${n}/*rest`, `/odd${n}/x-:y`][n % 4]!, n)
    }
    return router
  }

  const paths = [
    '/api/text4/list',
    '/api/thing5/7',
    '/api/thing5/7/8',
    '/file6/a/b',
    '/odd7/x-y',
    '/api/none/x',
    '/none',
  ]

  test('is not made for the first lookup, as many a cold start has no other', () => {
    const router = tableOf(100)
    const set = vi.spyOn(Map.prototype, 'set')
    try {
      expect(router.find('GET', '/api/text4/list')?.value).toBe(4)
      expect(set).not.toHaveBeenCalled()
      expect(router.find('GET', '/api/text4/list')?.value).toBe(4)
      expect(set).toHaveBeenCalled()
    } finally {
      set.mockRestore()
    }
  })

  test.each(paths)('asks no more of 4,000 entries than of 12 for %s', (path) => {
    const [few, many] = [tableOf(12), tableOf(4000)]
    const asked = [few, many].map((router) => {
      router.find('GET', path) // walks, and makes the regular expression
      router.find('GET', path) // makes the index
      return effort(() => router.find('GET', path))
    })
    expect(asked[1]).toBe(asked[0])
    expect(asked[1]).toBeLessThanOrEqual(6)
    expect(many.find('GET', path)?.value).toBe(few.find('GET', path)?.value)
    expect(many.candidates(path)).toEqual(few.candidates(path))
    expect(many.candidates(path).length).toBeLessThanOrEqual(2)
  })

  test('gives all of what begins with nothing literal as candidates, and no more', () => {
    const router = tableOf(1000)
    for (const _ of ['walks', 'makes the index']) router.find('GET', '/')
    const everywhere = ['/:a-:b', /^\/x/, '*all', '/é']
    for (const path of everywhere) router.add(path, -1)
    expect(router.candidates('/api/text4/list')).toEqual([0, 4, 1000, 1001, 1002, 1003])
    expect(router.candidates('*')).toEqual([0, 1000, 1001, 1002, 1003])
  })

  test('makes the expression of one way when it is first needed, once', () => {
    const made = vi.spyOn(globalThis, 'RegExp')
    try {
      const router = new PathIndex<string>()
      router.add('/odd/x-:y', 'odd')
      router.add('/other/x-:y', 'other')
      // path-to-regexp has made one for each path, as that is how it finds what is invalid.
      made.mockClear()
      expect(router.find('GET', '/odd/x-1')?.params.y).toBe('1')
      router.find('GET', '/odd/x-2')
      expect(made).toHaveBeenCalledTimes(1)
    } finally {
      made.mockRestore()
    }
  })

  test('reads a pattern and a path in steps that grow with their length, not with its square', () => {
    const steps = (count: number) => {
      const spies = [vi.spyOn(String.prototype, 'indexOf'), vi.spyOn(String.prototype, 'startsWith')]
      try {
        const path = '/:a/b'.repeat(count)
        const found = compilePath(path)(`${'/x/b'.repeat(count)}`)
        expect(found?.params.a).toBe('x')
        return spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
      } finally {
        for (const spy of spies) spy.mockRestore()
      }
    }
    expect(steps(400)).toBeLessThanOrEqual(4 * steps(100))
  })
})
