import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseByteSize } from '../../src/body/byte-size.ts'
import { parseDuration } from '../../src/files/file-options.ts'

const fromExpress = createRequire(createRequire(import.meta.url).resolve('express'))
const ms = createRequire(fromExpress.resolve('send'))('ms') as (text: string) => number | undefined
const bytes = createRequire(fromExpress.resolve('body-parser'))('bytes') as { parse(value: unknown): number | null }

const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true }).map(String),
  fc.constantFrom('1', '.5', '1.', '-2', '+3', '1e3', '0x10', '', ' 1', '1_0'),
)
const blank = fc.constantFrom('', ' ', '  ', '\t')

describe('durations', () => {
  const units =
    'ms msec msecs millisecond milliseconds s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day days w week weeks y yr yrs year years'
  const unit = fc.constantFrom(...units.split(' '), '', 'D', 'Hours', 'mo', 'x', 'dayss', 'ye', 'mil', 'hou')

  it('are those of the ms package', () => {
    const same = ([count, space, name]: [string, string, string]) => {
      const text = count + space + name
      if (text !== '') expect([text, parseDuration(text)]).toEqual([text, ms(text) ?? Number.NaN])
    }
    fc.assert(fc.property(fc.tuple(number, blank, unit), same), { numRuns: 3000 })
    for (const name of units.split(' ')) same(['1.5', ' ', name])
    same(['1'.repeat(101), '', ''])
  })
})

describe('byte sizes', () => {
  const unit = fc.constantFrom('b', 'kb', 'MB', 'gb', 'Tb', 'pb', 'eb', '', 'k', 'kib', 'bytes')

  it('are those of the bytes package', () => {
    const same = (value: unknown) => expect([value, parseByteSize(value)]).toEqual([value, bytes.parse(value)])
    const check = (value: unknown) => void same(value)
    fc.assert(
      fc.property(fc.tuple(number, blank, unit), (parts) => check(parts.join(''))),
      { numRuns: 3000 },
    )
    fc.assert(fc.property(fc.oneof(fc.double(), fc.anything()), check))
  })
})
