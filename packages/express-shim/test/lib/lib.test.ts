// The files of Express's package, which some packages and tools reach by their path.
import { readdirSync } from 'node:fs'
import { METHODS } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import shim from '../../src/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: both are driven by the members that they share.
type Any = any

const require = createRequire(import.meta.url)
const files = readdirSync(join(dirname(require.resolve('express')), 'lib')).map((file) => file.replace(/\.js$/, ''))
const shimOf = async (name: string): Promise<Any> => (await import(`../../src/lib/${name}.ts`))['module.exports']
const expressOf = (name: string): Any => require(`express/lib/${name}`)

/** What a member is, without calling it: getters ask a request that prototypes are not. */
function kindOf(value: Any, key: string): string {
  const { get, value: member } = Object.getOwnPropertyDescriptor(value, key)!
  return get ? 'getter' : typeof member
}

/** What a function gives or throws. */
function outcome(run: () => unknown): unknown {
  try {
    return { value: run() }
  } catch (error) {
    return { thrown: `${(error as Error).name}: ${(error as Error).message}` }
  }
}

it('has the files that Express has', () => {
  const ours = readdirSync(join(import.meta.dirname, '../../src/lib')).map((file) => file.replace(/\.ts$/, ''))
  expect(ours.sort()).toEqual(files.sort())
})

describe.each(files)('lib/%s', (name) => {
  it('is of the kind that Express gives, with its members', async () => {
    const [ours, theirs] = [await shimOf(name), expressOf(name)]
    expect(typeof ours).toBe(typeof theirs)
    // The shim's application has two members more: `handler` and `streamHandler`.
    expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(theirs)))
    for (const key of Object.keys(theirs)) expect([key, kindOf(ours, key)]).toEqual([key, kindOf(theirs, key)])
  })

  it('gives to import what it gives to require', async () => {
    const [ours, theirs] = [await import(`../../src/lib/${name}.ts`), await import(`express/lib/${name}.js`)]
    expect(ours.default).toBe(ours['module.exports'])
    expect(Object.keys(ours)).toEqual(
      expect.arrayContaining(Object.keys(theirs).filter((key) => key !== 'module.exports')),
    )
  })
})

it('gives what an application is made of', async () => {
  for (const [name, express] of [
    ['shim', shim],
    ['Express', require('express')],
  ] as const) {
    const of = (file: string): Any => (name === 'shim' ? shimOf(file) : expressOf(file))
    expect(await of('express')).toBe(express)
    for (const member of ['application', 'request', 'response'] as const) expect(await of(member)).toBe(express[member])
    expect(await of('view')).toBe(express().get('view'))
  }
})

describe('lib/utils', () => {
  const both = async (run: (utils: Any) => unknown): Promise<void> => {
    const [ours, theirs] = [await shimOf('utils'), expressOf('utils')]
    expect(outcome(() => run(ours))).toEqual(outcome(() => run(theirs)))
  }

  it('names the methods of Node', () => both((utils) => [utils.methods.sort(), METHODS.length]))

  it.each([
    ['text', undefined],
    ['é', 'latin1'],
    [Buffer.from([0, 255]), undefined],
    ['', undefined],
  ] as const)('makes the tags of %j', (body, encoding) =>
    both((utils) => [utils.etag(body, encoding), utils.wetag(body, encoding)]),
  )

  it.each([
    ...['html', '.json', 'unheard-of', '', 'text/html', 'text/*;q=0.5', 'a/b ; c = d ;e; q=x;q=.2; f=g=h', 'a/b;;=c;'],
  ])('reads the type %j', (type) => both((utils) => [utils.normalizeType(type), utils.normalizeTypes([type, 'txt'])]))

  it.each([
    ['text/html', 'utf-8'],
    ['text/html; charset=latin1; a=b', 'utf-8'],
    ['text/html', ''],
    ['', 'utf-8'],
    [undefined, 'utf-8'],
  ])('sets the charset of %j to %j', (type, charset) => both((utils) => utils.setCharset(type, charset)))

  it.each([true, false, 'weak', 'strong', 'other', 1, null])('compiles the setting etag %j', (value) =>
    both((utils) => utils.compileETag(value)?.('text')),
  )

  it.each([true, false, 'simple', 'extended', 'other', 1])('compiles the setting query parser %j', (value) =>
    both((utils) => ({ ...utils.compileQueryParser(value)?.('a[b]=1&c=2&c=3') })),
  )

  it.each([true, false, 0, 1, 'loopback, 10.0.0.0/8', ['192.0.2.1'], 'nowhere'])('compiles trust proxy %j', (value) =>
    both((utils) => {
      const trusts = utils.compileTrust(value)
      return ['127.0.0.1', '10.1.2.3', '192.0.2.1'].map((address, hop) => trusts(address, hop))
    }),
  )

  it('takes a function as it is', () =>
    both((utils) => {
      const own = () => true
      return ['compileETag', 'compileQueryParser', 'compileTrust'].map((name) => utils[name](own) === own)
    }))
})
