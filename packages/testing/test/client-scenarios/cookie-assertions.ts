import { type AnyClient, type Scenario, scenario } from './scenario.ts'

const cookieOf = (name: string, options?: unknown) => ({ name, ...(options ? { options } : {}) })
const cookieScenario = (
  name: string,
  path: string,
  build: (cookies: AnyClient) => AnyClient,
  sent?: string,
): Scenario =>
  scenario(`cookies ${name}`, (c) => {
    const request = c.get(path)
    if (sent) request.set('Cookie', sent)
    return request.expect(build(c.cookies))
  })

export const cookieAssertions: Scenario[] = [
  cookieScenario('set', '/cookies/set', (k) => k().set({ name: 'theme', options: ['path', 'httponly'] })),
  cookieScenario('set fails', '/cookies/set', (k) => k.set({ name: 'nope' })),
  cookieScenario('set option fails', '/cookies/set', (k) => k.set({ name: 'lang', options: ['secure'] })),
  cookieScenario('set several', '/cookies/set', (k) => k().set([cookieOf('theme'), cookieOf('lang')])),
  cookieScenario('not set', '/cookies/set', (k) => k.not('set', { name: 'nope' })),
  cookieScenario('not set fails', '/cookies/set', (k) => k.not('set', { name: 'theme' })),
  cookieScenario('not set option fails', '/cookies/set', (k) => k.not('set', { name: 'theme', options: ['httponly'] })),
  cookieScenario('reset', '/cookies/set', (k) => k.reset({ name: 'theme' }), 'theme=light'),
  cookieScenario('reset fails', '/cookies/set', (k) => k.reset({ name: 'theme' })),
  cookieScenario('not reset', '/cookies/set', (k) => k.not('reset', { name: 'theme' })),
  cookieScenario('not reset fails', '/cookies/set', (k) => k.not('reset', { name: 'theme' }), 'theme=light'),
  cookieScenario('new', '/cookies/set', (k) => k.new({ name: 'theme' })),
  cookieScenario('new fails', '/cookies/set', (k) => k.new({ name: 'theme' }), 'theme=light'),
  cookieScenario('new missing fails', '/cookies/set', (k) => k.new({ name: 'nope' })),
  cookieScenario('not new', '/cookies/set', (k) => k.not('new', { name: 'theme' }), 'theme=light'),
  cookieScenario('not new fails', '/cookies/set', (k) => k.not('new', { name: 'theme' })),
  cookieScenario('renew', '/cookies/set', (k) => k.renew({ name: 'theme', options: { 'max-age': 10 } }), 'theme=light'),
  cookieScenario(
    'renew fails',
    '/cookies/set',
    (k) => k.renew({ name: 'theme', options: { 'max-age': 60 } }),
    'theme=light',
  ),
  cookieScenario(
    'renew by date',
    '/cookies/set',
    (k) => k.renew({ name: 'theme', options: { expires: new Date(0) } }),
    'theme=light',
  ),
  cookieScenario('renew unsent fails', '/cookies/set', (k) => k.renew({ name: 'theme', options: { 'max-age': 1 } })),
  cookieScenario(
    'not renew fails',
    '/cookies/set',
    (k) => k.not('renew', { name: 'theme', options: { 'max-age': 1 } }),
    'theme=light',
  ),
  cookieScenario('renew without option fails', '/cookies/set', (k) => k.renew({ name: 'theme', options: {} })),
  cookieScenario('contain', '/cookies/set', (k) =>
    k.contain({ name: 'theme', value: 'dark', options: { path: '/', 'max-age': 60, httponly: true } }),
  ),
  cookieScenario('contain decodes', '/cookies/set', (k) => k.contain({ name: 'lang', value: 'de ch' })),
  cookieScenario('contain fails', '/cookies/set', (k) => k.contain({ name: 'theme', value: 'light' })),
  cookieScenario('contain option fails', '/cookies/set', (k) => k.contain({ name: 'theme', options: { path: '/x' } })),
  cookieScenario('contain missing fails', '/cookies/set', (k) => k.contain({ name: 'nope', value: '1' })),
  cookieScenario('not contain fails', '/cookies/set', (k) => k.not('contain', { name: 'theme', value: 'dark' })),
  cookieScenario('contain signed', '/cookies/sign', (k) => k('secret').contain({ name: 'sid', value: 'abc' })),
  cookieScenario('contain signed by one of several', '/cookies/sign', (k) =>
    k(['old', 'secret']).contain({ name: 'sid', value: 'abc' }),
  ),
  cookieScenario('contain wrongly signed fails', '/cookies/sign', (k) =>
    k('other').contain({ name: 'sid', value: 'abc' }),
  ),
  cookieScenario('chain', '/cookies/set', (k) =>
    k().set({ name: 'theme' }).contain({ name: 'theme', value: 'dark' }).not('set', { name: 'no' }),
  ),
  cookieScenario('of no response fails', '/cookies/set', (k) => () => k()(undefined)),
  cookieScenario('own assertion', '/cookies/set', (k) =>
    k(null, (_q: unknown, s: AnyClient) => {
      if (s.cookies.length !== 3) throw new Error(`cookies: ${s.cookies.length}`)
    }),
  ),
]
