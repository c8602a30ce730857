import fc from 'fast-check'
import { match as matcher } from 'path-to-regexp'
import { describe, expect, test } from 'vitest'
import { compilePath, type EntryOptions, type Path, PathIndex } from '../src/router/path-index.ts'
import { toPatterns } from '../src/router/path-pattern.ts'

type Found = { params: Record<string, string | string[]>; path: string }
type Table = { path: Path; options: EntryOptions }[]

/** One path as Express matches a layer: path-to-regexp itself, the loosened slash, the special `/`, a RegExp's groups. */
function oracle(path: Path, options: EntryOptions): (given: string) => Found | false {
  if (path === '/' && options.end === false) return () => ({ params: Object.create(null), path: '' })
  const each = (Array.isArray(path) ? path.flat(Infinity) : [path]).map((one: string | RegExp) => {
    if (one instanceof RegExp) return regexpOracle(one)
    const loose = options.strict || one === '/' ? one : one.replace(/\/+$/, '')
    return matcher<Found['params']>(loose, {
      sensitive: options.sensitive,
      end: options.end,
      trailing: !options.strict,
    })
  })
  return (given) => {
    for (const one of each) {
      const found = one(given)
      if (found) return { params: found.params, path: found.path }
    }
    return false
  }
}

function regexpOracle(regexp: RegExp): (given: string) => Found | false {
  return (given) => {
    const found = regexp.exec(given)
    if (!found) return false
    const params: Found['params'] = Object.create(null)
    const named = new Set(Object.keys(found.groups ?? {}))
    for (const name of named)
      if (found.groups![name] !== undefined) params[name] = decodeURIComponent(found.groups![name])
    if (named.size === 0) {
      for (const [index, value] of found.slice(1).entries()) {
        if (value !== undefined) params[index] = decodeURIComponent(value)
      }
    }
    return { params, path: found[0] }
  }
}

const word = fc.constantFrom(
  'a',
  'b',
  'ab',
  'A',
  'k',
  'users',
  'Users',
  '__proto__',
  'a.b',
  'a-b',
  '%41',
  'é',
  'É',
  '~',
  '$',
  '_',
)
const name = fc.constantFrom('id', 'a', '__proto__', 'constructor', '$x', '_y1', '"a b"', 'ünï')
const segment = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 4, arbitrary: name.map((n) => `:${n}`) },
  { weight: 1, arbitrary: name.map((n) => `*${n}`) },
  { weight: 1, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.tuple(name, fc.constantFrom('-', '.', 'x', '@')).map(([n, text]) => `:${n}${text}:other`),
  },
  { weight: 1, arbitrary: fc.tuple(word, name).map(([w, n]) => `${w}.:${n}`) },
  { weight: 1, arbitrary: fc.constantFrom('\\:id', 'a\\*', 'v\\{1\\}', '\\a') },
  { weight: 1, arbitrary: fc.tuple(word, word).map(([a, b]) => `${a}{${b}}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(':file{.:ext}', ':id{x}', ':id{-:b}-c', '*r{x}', 'a{b{c}}', '{a}{b}', ':id{/}'),
  },
)
const group = fc.array(segment, { minLength: 1, maxLength: 2 }).map((parts) => `{/${parts.join('/')}}`)
const text = fc
  .tuple(
    fc.array(fc.oneof({ weight: 5, arbitrary: segment.map((each) => `/${each}`) }, { weight: 1, arbitrary: group }), {
      maxLength: 4,
    }),
    fc.constantFrom('', '', '', '/', '//', '/*rest', '{/}'),
  )
  .map(([parts, tail]) => parts.join('') + tail)
const odd = fc.constantFrom('/', '', '*all', '/*all', '/{*all}', ':a', 'a', '{/:a}', '/:a-:b', '{:a}', '//')
const regexp = fc.constantFrom(
  /^\/a/,
  /^\/(a|b)(?:\/(.*))?$/i,
  /(?<id>\w+)$/,
  /.*/,
  /^\/users\/(?<name>[^/]+)\/?$/,
  /\/\((b)/,
)
const valid = fc.oneof({ weight: 6, arbitrary: text }, { weight: 1, arbitrary: odd }).filter((path) => isValid(path))
const path: fc.Arbitrary<Path> = fc.oneof(
  { weight: 8, arbitrary: valid as fc.Arbitrary<Path> },
  { weight: 1, arbitrary: regexp as fc.Arbitrary<Path> },
  { weight: 1, arbitrary: fc.array(fc.oneof(valid, regexp), { maxLength: 3 }) as fc.Arbitrary<Path> },
)

function isValid(path: string): boolean {
  try {
    oracle(path, {})
    oracle(path, { strict: true })
    return true
  } catch {
    return false
  }
}

const key = fc.constantFrom('GET', 'POST', undefined)
const options = fc.record(
  { key, sensitive: fc.boolean(), strict: fc.boolean(), end: fc.boolean() },
  { requiredKeys: [] },
) as fc.Arbitrary<EntryOptions>
const table: fc.Arbitrary<Table> = fc.array(fc.record({ path, options }), { minLength: 1, maxLength: 12 })

const value = fc.constantFrom(
  'a',
  'b',
  'A',
  '7',
  'x-y',
  'a.b',
  'ab',
  '%41',
  '%C3%A9',
  '%',
  '%zz',
  'é',
  '\u212A',
  'ſ',
  'İ',
  '',
  '__proto__',
)
/** A path that a pattern might match: its captures filled in, its groups kept or dropped. */
const derived = (from: string) =>
  fc
    .record({
      values: fc.array(value, { minLength: 8, maxLength: 8 }),
      keep: fc.boolean(),
      tail: fc.constantFrom('', '', '', '/', '//', '/a', 'x'),
      upper: fc.boolean(),
    })
    .map(({ values, keep, tail, upper }) => {
      let next = 0
      const filled = from
        .replace(/\{([^{}]*)\}/g, keep ? '$1' : '')
        .replace(/[:*]("[^"]*"|[\p{L}$_][\p{L}\d$_]*)/gu, () => values[next++ % 8]!)
        .replace(/\\(.)/g, '$1')
      return (upper ? filled.toUpperCase() : filled) + tail
    })
const free = fc.array(value, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`)

function givenFor(table: Table): fc.Arbitrary<string> {
  const strings = table.flatMap(({ path }) => (Array.isArray(path) ? path.flat(Infinity) : [path]))
  const texts = strings.filter((each) => typeof each === 'string')
  return texts.length === 0 ? free : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...texts).chain(derived) }, free)
}

/** As text, which tells order, own `__proto__` and own `constructor`; what was thrown is an outcome too. */
function shown(run: () => unknown, of: 'name' | 'message' = 'name'): string {
  try {
    return JSON.stringify(run(), bare) ?? 'nothing'
  } catch (error) {
    return `throws ${(error as Error)[of]}`
  }
}

function bare(name: string, value: unknown): unknown {
  if (name === 'params') expect(Object.getPrototypeOf(value)).toBeNull()
  return value
}

const cases = table.chain((table) =>
  fc.record({ table: fc.constant(table), given: fc.array(givenFor(table), { minLength: 1, maxLength: 6 }) }),
)

describe('the index finds what a walk through all entries finds', () => {
  test('find, matches, keys, candidates', () => {
    fc.assert(
      fc.property(cases, ({ table, given }) => {
        const router = new PathIndex<number>()
        for (const [index, { path, options }] of table.entries()) router.add(path, index, options)
        const linear = table.map(({ path, options }, value) => ({ ...options, value, match: oracle(path, options) }))
        for (const path of given) {
          for (const key of ['GET', 'PUT', undefined]) {
            const expected = () => {
              for (const { value, match, ...entry } of linear) {
                const found = (entry.key === undefined || entry.key === key) && match(path)
                if (found) return { value, ...found }
              }
              return undefined
            }
            expect(
              shown(() => router.find(key, path)),
              `find ${key} ${path}`,
            ).toBe(shown(expected))
          }
          const matching = linear.filter(({ match }) => shown(() => match(path)) !== 'false')
          const all = () => matching.map(({ value, match }) => ({ value, ...(match(path) as Found) }))
          expect(
            shown(() => router.matches(path)),
            `matches ${path}`,
          ).toBe(shown(all))
          const keys = matching.map(({ key }) => key).filter((key) => key !== undefined)
          expect(router.keys(path), `keys ${path}`).toEqual([...new Set(keys)])
          const candidates = router.candidates(path)
          expect(candidates, 'ascending, each once').toEqual([...new Set(candidates)].sort((a, b) => a - b))
          const missed = matching.filter(({ value }) => !candidates.includes(value))
          expect(missed, `candidates ${path}`).toEqual([])
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 1000) },
    )
  })

  test('compilePath', () => {
    fc.assert(
      fc.property(cases, ({ table, given }) => {
        for (const { path, options } of table) {
          const expected = oracle(path, options)
          const actual = compilePath(path, options)
          for (const each of given) {
            expect(
              shown(() => actual(each) ?? false),
              `${String(path)} ${each}`,
            ).toBe(shown(() => expected(each)))
          }
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 1000) },
    )
  })

  // Of other paths path-to-regexp's own expression decides, so that these are the ones that could differ from it.
  test('paths that are decided by segments alone', () => {
    const decided = fc
      .record({ path: valid, options })
      .filter(({ path, options }) => toPatterns(path, options).every(({ odd }) => odd === undefined))
    const asked = decided.chain(({ path, options }) =>
      fc.record({
        path: fc.constant(path),
        options: fc.constant(options),
        given: fc.array(fc.oneof({ weight: 3, arbitrary: derived(path) }, free), { minLength: 4, maxLength: 8 }),
      }),
    )
    let matched = 0
    fc.assert(
      fc.property(asked, ({ path, options, given }) => {
        const index = new PathIndex<string>()
        index.add(path, 'value', options)
        const actual = compilePath(path, options)
        const expected = oracle(path, options)
        for (const each of given) {
          const theirs = shown(() => expected(each))
          expect(
            shown(() => actual(each) ?? false),
            `${path} ${each}`,
          ).toBe(theirs)
          const found = theirs === 'false' ? undefined : () => ({ value: 'value', ...(expected(each) as Found) })
          expect(
            shown(() => index.find(options.key, each)),
            `find ${path} ${each}`,
          ).toBe(shown(() => found?.()))
          if (found) matched++
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 1000) },
    )
    expect(matched).toBeGreaterThan(1000)
  })

  const syntax = fc.array(
    fc.constantFrom('/', '/', ':', ':', '*', '{', '}', 'a', 'b', 'B', '1', '\\', '"', '(', '?', 'é', '.', '-'),
  )
  const braces = fc
    .array(fc.constantFrom('/', ':a', ':b', '*c', '{', '}', 'x', '.', '1'))
    .map((parts) => [...parts, ...closing(parts)])

  test('an invalid pattern throws what path-to-regexp throws, and only that does', () => {
    fc.assert(
      fc.property(fc.oneof(syntax, braces), fc.array(free, { maxLength: 3 }), options, (parts, given, options) => {
        const path = parts.join('')
        const expected = shown(() => void oracle(path, options), 'message')
        expect(
          shown(() => void compilePath(path, options), 'message'),
          path,
        ).toBe(expected)
        if (expected !== 'nothing') return
        const actual = compilePath(path, options)
        for (const each of [...given, path]) {
          expect(
            shown(() => actual(each) ?? false),
            `${path} ${each}`,
          ).toBe(shown(() => oracle(path, options)(each)))
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 1000) },
    )
  })
})

/** The braces that are still open. */
function closing(parts: readonly string[]): string[] {
  const open = parts.filter((part) => part === '{').length - parts.filter((part) => part === '}').length
  return Array.from({ length: Math.max(open, 0) }, () => '}')
}
