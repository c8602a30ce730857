import { parse as querystringParse } from 'node:querystring'
import fc from 'fast-check'
import qs from 'qs'
import { describe, expect, it } from 'vitest'
import { type NestedOptions, parseNested } from '../../src/url/nested-query.ts'
import { parseExtended, parseSimple } from '../../src/url/query.ts'

/** Own keys in order, prototypes, holes and all: what `toStrictEqual` would call equal is not enough for key order. */
function shape(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const proto = Object.getPrototypeOf(value)
  const kind = Array.isArray(value) ? `array ${value.length}` : proto === null ? 'null' : proto === Object.prototype
  return [kind, Object.keys(value).map((key) => [key, shape((value as Record<string, unknown>)[key])])]
}

const reference = (text: string, options: NestedOptions) =>
  qs.parse(text, { allowPrototypes: true, ...options } as qs.IParseOptions)

const key = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    '0',
    '1',
    '2',
    '19',
    '20',
    '21',
    '',
    '__proto__',
    'constructor',
    'toString',
    '[',
    ']',
    '[]',
  ),
  fc.constantFrom(
    '01',
    '-1',
    '4294967295',
    '1e3',
    '9007199254740993',
    'length',
    '%5B',
    '%5d',
    'a.b',
    '.',
    'é',
    '+',
    '%00',
  ),
)
const bracket = fc.oneof({ weight: 5, arbitrary: key.map((name) => `[${name}]`) }, key)
const name = fc.tuple(key, fc.array(bracket, { maxLength: 4 })).map(([head, rest]) => head + rest.join(''))
const value = fc.constantFrom(
  '1',
  '2',
  '',
  'a',
  'x=y',
  '%',
  '%zz',
  '%E9',
  '%C3%A9',
  'a+b',
  '&',
  '%26%239786%3B',
  '&#128512;',
)
const pair = fc.tuple(name, fc.constantFrom('=', '', '=='), value).map((parts) => parts.join(''))
const text = fc.array(pair, { maxLength: 8 }).map((pairs) => pairs.join('&'))
const crowded = fc
  .array(fc.tuple(fc.constantFrom('a', 'a[]', 'a[0]', 'a[1]', 'a[5]', 'a[b]', 'a[0][b]', '[a]', 'a[][]'), value), {
    maxLength: 14,
  })
  .map((pairs) => pairs.map(([left, right]) => `${left}=${right}`).join('&'))
const anything = fc.oneof(text, crowded, fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }))

describe('parseExtended', () => {
  it('equals qs.parse with allowPrototypes on generated queries', () => {
    const same = (query: string) => {
      expect(shape(parseExtended(query))).toEqual(shape(qs.parse(query, { allowPrototypes: true })))
    }
    fc.assert(fc.property(anything, same), { numRuns: 6000 })
  })

  it.each([
    'a=1&a=2&a=3',
    'a[b][c][d][e][f][g][h]=deep',
    'a[]=1&a[]=2&a[5]=x&a[1]=y',
    'a[100]=x&a[]=y&a=z',
    'a[b]=1&a=2&a=3&a[c]=4&a[]=5',
    'a=1&a[b]=2&a[0]=3',
    '__proto__=1&__proto__[x]=2&a[__proto__]=3&a[__proto__][b]=4&constructor[prototype][x]=5',
    '[]=1&[0]=2&[a]=3&a=4',
    '2=b&1=a&x=c&0=d',
    'a%5B%5D=1&a%5b0%5D=2',
    'a[[]b]=1&a]=2&a[=3&[=4&]=5',
    'a.b=1&a[b.c]=2',
    'a=%00&%00=a&a=%E0%A4%A&b=%ud83d',
    '=x&&=&a',
    '',
    Array.from({ length: 25 }, (_, i) => `a=${i}`).join('&'),
    Array.from({ length: 25 }, (_, i) => `a[]=${i}`).join('&'),
    Array.from({ length: 25 }, (_, i) => `a[${i}]=${i}`).join('&'),
    Array.from({ length: 1100 }, (_, i) => `k${i}=${i}`).join('&'),
  ])('equals qs on %s', (query) => {
    expect(shape(parseExtended(query))).toEqual(shape(qs.parse(query, { allowPrototypes: true })))
  })

  it('leaves Object.prototype alone', () => {
    parseExtended('__proto__[polluted]=1&constructor[prototype][polluted]=1&a[__proto__][polluted]=1')
    expect('polluted' in {}).toBe(false)
  })
})

describe('parseNested', () => {
  const options = fc.record({
    arrayLimit: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(20, 100)),
    depth: fc.integer({ min: 0, max: 4 }),
    parameterLimit: fc.constantFrom(1, 3, 1000, Number.POSITIVE_INFINITY),
    charset: fc.constantFrom('utf-8', 'iso-8859-1'),
    charsetSentinel: fc.boolean(),
    interpretNumericEntities: fc.boolean(),
  })
  const sentinel = fc.constantFrom('', 'utf8=%E2%9C%93&', 'utf8=%26%2310003%3B&', 'utf8=x&', 'a=1&utf8=%26%2310003%3B&')

  it('equals qs.parse with the options that body-parser sets', () => {
    fc.assert(
      fc.property(sentinel, anything, options, (prefix, rest, chosen) => {
        const query = prefix + rest
        expect(shape(parseNested(query, chosen))).toEqual(shape(reference(query, chosen)))
      }),
      { numRuns: 6000 },
    )
  })

  it('refuses keys that nest too deeply exactly where qs does, if strict', () => {
    const outcome = (run: () => unknown) => {
      try {
        return shape(run())
      } catch (error) {
        return (error as Error).name
      }
    }
    fc.assert(
      fc.property(text, options, (query, chosen) => {
        const strict = { ...chosen, strictDepth: true }
        expect(outcome(() => parseNested(query, strict))).toEqual(outcome(() => reference(query, strict)))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('parseSimple', () => {
  it('equals node:querystring, null prototype included', () => {
    const same = (query: string) => {
      expect(shape(parseSimple(query))).toEqual(shape(querystringParse(query)))
    }
    fc.assert(fc.property(anything, same))
    expect(Object.getPrototypeOf(parseSimple('__proto__=1'))).toBe(null)
    expect(Object.entries(parseSimple('__proto__=1'))).toEqual([['__proto__', '1']])
  })
})
