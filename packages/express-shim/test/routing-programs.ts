import fc from 'fast-check'

/** What a handler does when it is reached. */
export type Act =
  | 'next'
  | 'later'
  | 'stop'
  | 'route'
  | 'router'
  | 'error'
  | 'throw'
  | 'throw-nothing'
  | 'reject'
  | 'reject-nothing'
  | 'resolve'
  | 'rewrite'
  | 'recover'

export type Step =
  | { kind: 'use'; path?: Pattern; acts: Act[] }
  | { kind: 'catch'; path?: Pattern; act: Act }
  | { kind: 'verb'; method: string; path: Pattern; acts: Act[] }
  | { kind: 'route'; path: Pattern; verbs: { method: string; act: Act }[] }
  | { kind: 'param'; name: string; act: Act | 'change' }
  | { kind: 'mount'; path?: Pattern; router: Program }

export type Pattern = string | RegExp | (string | RegExp)[]

export interface Program {
  caseSensitive?: boolean
  mergeParams?: boolean
  strict?: boolean
  steps: Step[]
}

export interface Asked {
  method: string
  url: string
}

const segment = fc.constantFrom(
  'a',
  'b',
  'A',
  'users',
  ':id',
  ':name',
  ':id',
  '*rest',
  'x.json',
  ':file.:ext',
  'v{:n}',
  '%41',
)
const path: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '/',
      '/a/',
      '/a{/:id}',
      '/{a/}b',
      '/a{/b{/c}}',
      '//',
      'a',
      '/:id/',
      '/a-:id-:name',
      '{/*rest}',
    ),
  },
)
const regexp = fc.constantFrom(/^\/a/, /\/(\w+)\/(\d+)?/, /^\/users\/(?<id>[^/]+)$/i, /.*/, /^\/(a|b)(?:\/)?$/)
const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  { weight: 8, arbitrary: path },
  { weight: 1, arbitrary: regexp },
  { weight: 1, arbitrary: fc.array(fc.oneof(path, regexp), { minLength: 1, maxLength: 3 }) },
)
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 9, arbitrary: fc.constant<Act>('next') },
  {
    weight: 7,
    arbitrary: fc.constantFrom<Act>(
      'later',
      'stop',
      'route',
      'router',
      'error',
      'throw',
      'throw-nothing',
      'reject',
      'reject-nothing',
      'resolve',
      'rewrite',
      'recover',
    ),
  },
)
const acts = fc.array(act, { minLength: 1, maxLength: 3 })
const verb = fc.constantFrom('get', 'get', 'post', 'all', 'head', 'options', 'delete')
const flag = fc.option(fc.boolean(), { nil: undefined })

export const program = fc.letrec<{ step: Step; program: Program }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('use' as const), path: fc.option(pattern, { nil: undefined }), acts }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('catch' as const), path: fc.option(pattern, { nil: undefined }), act }),
    },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('verb' as const), method: verb, path: pattern, acts }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('route' as const),
        path: pattern,
        verbs: fc.array(fc.record({ method: verb, act }), { maxLength: 4 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('param' as const),
        name: fc.constantFrom('id', 'name', 'rest', '0'),
        act: fc.oneof(act, fc.constant('change' as const)),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('mount' as const),
        path: fc.option(pattern, { nil: undefined }),
        router: tie('program'),
      }),
    },
  ),
  program: fc.record({
    caseSensitive: flag,
    mergeParams: flag,
    strict: flag,
    steps: fc.array(tie('step'), { minLength: 1, maxLength: 7 }),
  }),
})).program

const target = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(fc.constantFrom('a', 'b', 'A', 'users', '7', 'x.json', 'v2', '%20', '%zz', 'a-1-2', '%41', ''), {
        maxLength: 4,
      })
      .map((parts) => `/${parts.join('/')}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '/a?q=1',
      '/a/?q=/b',
      '//a',
      '/a//b',
      'http://host/a',
      'http://host/a/b?c',
      '*',
      '/a#x',
      '/A/B/',
    ),
  },
)

export const asked: fc.Arbitrary<Asked> = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'HEAD', 'OPTIONS', 'OPTIONS', 'DELETE', 'PROPFIND'),
  url: target,
})
