import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRoutes } from '../../src/infrastructure/drift.ts'

const route = (text: string) => {
  const [method = '', ...templates] = text.split(' ')
  return { method, path: templates[0] ?? '/^x/', templates }
}
const sending = (text: string) => {
  const [method = '', path = ''] = text.split(' ')
  return { method, path, place: 'template', target: undefined }
}
const drift = (routes: string[], sent: string[], mounts: string[] = []) => {
  const { unsent, unknown } = compareRoutes(routes.map(route), sent.map(sending), mounts)
  return [
    ...unsent.map(({ method, path }) => `- ${method} ${path}`),
    ...unknown.map(({ method, path }) => `+ ${method} ${path}`),
  ]
}

describe('compareRoutes', () => {
  it.each<[string, string[], string[], string[]]>([
    ['the same', ['GET /a/{b}'], ['GET /a/{c}'], []],
    ['another method', ['GET /a'], ['POST /a'], ['- GET /a', '+ POST /a']],
    ['another path', ['GET /a'], ['GET /b'], ['- GET /a', '+ GET /b']],
    ['any method', ['GET /a', 'PUT /a'], ['ANY /a'], []],
    ['a route of every method takes what is sent', ['ALL /a'], ['GET /a'], []],
    ['every path', ['GET /', 'GET /a/{b}/c', 'GET /f/{p+}'], ['ANY /{any*}'], []],
    ['a proxy does not take the root', ['GET /', 'GET /a'], ['ANY /{proxy+}'], ['- GET /']],
    ['a proxy with the root', ['GET /', 'GET /a'], ['ANY /{proxy+}', 'ANY /'], []],
    ['a proxy with a root that the code does not have', ['GET /a'], ['ANY /{proxy+}', 'ANY /'], []],
    ['a proxy below a path', ['GET /a', 'GET /a/b', 'GET /c'], ['ANY /a/{proxy+}'], ['- GET /a', '- GET /c']],
    ['a proxy for what the code has nothing of', ['GET /a'], ['GET /a', 'ANY /b/{proxy+}'], ['+ ANY /b/{proxy+}']],
    ['a fixed segment is less than a parameter', ['GET /a/{b}'], ['GET /a/me'], ['- GET /a/{b}']],
    ['a parameter is more than a fixed segment', ['GET /a/me'], ['GET /a/{b}'], ['+ GET /a/{b}']],
    ['a wildcard needs a greedy parameter', ['GET /f/{p+}'], ['GET /f/{p}'], ['- GET /f/{p+}']],
    ['a part of a segment', ['GET /v{n}/a'], ['GET /{v}/a'], []],
    ['optional groups', ['GET /a/{b} /a'], ['GET /a'], ['- GET /a/{b}']],
    ['HEAD and OPTIONS of a known path', ['GET /a'], ['GET /a', 'HEAD /a', 'OPTIONS /a'], []],
    ['HEAD of a path without GET', ['POST /a'], ['POST /a', 'HEAD /a'], ['+ HEAD /a']],
    ['a regular expression may answer anything', ['GET'], ['GET /b'], []],
  ])('%s', (_name, routes, sent, expected) => expect(drift(routes, sent)).toEqual(expected))

  it('middleware below a path may answer, such as static files', () => {
    expect(drift([], ['GET /public/{file+}', 'GET /public', 'GET /x'], ['/public'])).toEqual(['+ GET /x'])
  })

  it('finds no difference between a set of routes and itself, and every route that is taken out', () => {
    const segment = fc.constantFrom('a', 'b', '{x}', '{y}')
    const path = fc.array(segment, { maxLength: 3 }).map((parts) => `/${parts.join('/')}`)
    const line = fc.tuple(fc.constantFrom('GET', 'POST'), path).map(([method, each]) => `${method} ${each}`)
    fc.assert(
      fc.property(fc.uniqueArray(line, { minLength: 1, maxLength: 8 }), (lines) => {
        expect(drift(lines, lines)).toEqual([])
        expect(drift(lines, [])).toEqual(lines.map((each) => `- ${each}`))
        expect(drift([], lines)).toEqual(lines.map((each) => `+ ${each}`))
      }),
    )
  })
})
