import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyPlain } from '../src/runtime/json-copy.ts'

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const plain = fc.anything({ withNullPrototype: true, maxDepth: 5 })

describe('a copy without JSON text', () => {
  it('is what JSON text gives, or is left to it', () => {
    let copies = 0
    fc.assert(
      fc.property(fc.record({ value: plain }), (value) => {
        const copied = copyPlain(value)
        if (copied === undefined) return
        copies++
        expect(copied).toStrictEqual(throughJson(value))
        expect(Object.keys(copied as object)).toEqual(Object.keys(throughJson(value) as object))
      }),
    )
    expect(copies).toBeGreaterThan(50)
  })

  it.each([
    ['a record without prototype', Object.assign(Object.create(null), { a: 1 })],
    ['members that are undefined', { a: undefined, b: [undefined, 1] }],
    ['numbers that JSON does not have', [Number.NaN, Number.POSITIVE_INFINITY, -0]],
    ['a list with holes', new Array(3)],
    ['half of a surrogate pair', { '\ud800': '\udc00' }],
  ])('has %s as JSON has it', (_name, value) => {
    expect(copyPlain(value)).toStrictEqual(throughJson(value))
  })

  it.each<[string, unknown]>([
    ['a Date', { at: new Date(0) }],
    ['a Buffer', [Buffer.from('a')]],
    ['a Map', new Map()],
    ['a function', { run() {} }],
    ['a symbol', [Symbol('a')]],
    ['a BigInt', { a: 1n }],
    ['a toJSON', { toJSON: () => 'a' }],
    ['a list with a toJSON', Object.assign([1], { toJSON: () => 'a' })],
    ['a boxed text', [new String('a')]],
    ['a member named __proto__', JSON.parse('{"__proto__":{"a":1}}')],
    ['raw JSON', { a: Object.assign(Object.create(null), { rawJSON: '1' }) }],
  ])('leaves %s to JSON', (_name, value) => {
    expect(copyPlain(value)).toBeUndefined()
  })

  it('leaves a circle to JSON', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect(copyPlain(circle)).toBeUndefined()
  })

  it('leaves what may have more bytes than allowed to JSON', () => {
    fc.assert(
      fc.property(plain, fc.nat(2000), (value, most) => {
        const copied = copyPlain(value, most)
        if (copied !== undefined) expect(Buffer.byteLength(JSON.stringify(value))).toBeLessThanOrEqual(most)
      }),
    )
  })

  it('shares nothing with the original that can change', () => {
    const original = { list: [{ a: 1 }], record: { b: 2 } }
    const copied = copyPlain(original) as typeof original
    copied.list[0]!.a = 3
    copied.record.b = 4
    expect(original).toEqual({ list: [{ a: 1 }], record: { b: 2 } })
  })
})
