import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decoderOf } from '../../src/body/charset.ts'

interface Iconv {
  decode(bytes: Buffer, charset: string): string
  encode(text: string, charset: string): Buffer
  encodingExists(charset: string): boolean
}

// What body-parser reads charsets with.
const fromExpress = createRequire(createRequire(import.meta.url).resolve('express'))
const iconv = createRequire(fromExpress.resolve('body-parser'))('iconv-lite') as Iconv

const unicode = ['utf-8', 'utf8', 'UTF_8', 'utf-16le', 'utf-16be', 'utf-16', 'ucs-2', 'utf-32le', 'utf-32be']
const singleByte = [
  'iso-8859-1',
  'latin1',
  'l1',
  'cp819',
  'ISO_8859-1:1987',
  'iso-ir-100',
  'binary',
  'us-ascii',
  'ascii',
  'ANSI_X3.4-1968',
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16].map((part) => `iso-8859-${part}`),
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 874].flatMap((page) => [
    `windows-${page}`,
    `cp${page}`,
    `win${page}`,
    String(page),
  ]),
  'koi8-r',
  'ibm866',
  'cp866',
  '866',
  'latin2',
  'latin5',
  'latin9',
  'l9',
  'cyrillic',
  'greek',
  'hebrew',
  'arabic',
]
const manyBytes: Record<string, string> = {
  shift_jis: 'カタカナ 漢字 ひらがな ﾊﾝｶｸ abc',
  sjis: '日本語',
  cp932: '日本語',
  'windows-932': '日本語',
  'euc-jp': '日本語 カタカナ',
  gbk: '汉字 简体中文 abc',
  gb2312: '汉字',
  cp936: '汉字',
  gb18030: '汉字 𠀀 €',
  big5: '漢字 繁體中文',
  cp950: '繁體中文',
  'euc-kr': '한국어 漢字',
  cp949: '한국어',
  ks_c_5601: '한국어',
  macintosh: 'naïve café',
  'koi8-u': 'Україна',
}

describe('charsets', () => {
  const allBytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))

  it.each(singleByte)('%s: every byte is what it is for body-parser', (charset) => {
    expect(decoderOf(charset)!(allBytes)).toBe(iconv.decode(allBytes, charset))
  })

  it.each(Object.entries(manyBytes))('%s: text is what it is for body-parser', (charset, text) => {
    const bytes = iconv.encode(text, charset)
    expect(decoderOf(charset)!(bytes)).toBe(text)
    expect(iconv.decode(bytes, charset)).toBe(text)
  })

  it.each(unicode)('%s: any bytes are what they are for body-parser', (charset) => {
    const ascii = fc.string().map((text) => Buffer.from(text, 'utf16le'))
    const swapped = ascii.map((bytes) => Buffer.from(bytes).swap16())
    const marks = fc.constantFrom('', '\ufeff', '\ufffe')
    const marked = fc
      .tuple(marks, fc.string({ unit: 'binary' }))
      .map(([mark, text]) => iconv.encode(mark + text, charset))
    const bytes = fc.oneof(
      fc.uint8Array().map((array) => Buffer.from(array)),
      ascii,
      swapped,
      marked,
    )
    const same = (some: Buffer) => {
      expect(decoderOf(charset)!(some)).toBe(iconv.decode(some, charset))
    }
    fc.assert(fc.property(bytes, same), { numRuns: 300 })
  })

  it('utf-32: read by the mark or by where the zeros are', () => {
    for (const charset of ['utf-32le', 'utf-32be']) {
      for (const text of ['{"a":1}', '\ufeff[]', '']) {
        const bytes = iconv.encode(text, charset)
        expect(decoderOf('utf-32')!(bytes)).toBe(iconv.decode(bytes, 'utf-32'))
      }
    }
  })

  // What iconv-lite knows of the Encoding Standard's names, and other names of theirs.
  const standard = [
    ...Object.keys(manyBytes),
    ...[
      'csbig5',
      'big5-hkscs',
      'x-x-big5',
      'cn-big5',
      'x-gbk',
      'chinese',
      'iso-ir-58',
      'csgb2312',
      'gb_2312-80',
      'ms936',
    ],
    ...['korean', 'ks_c_5601-1987', 'ksc5601', 'windows-949', 'ms_kanji', 'windows-31j', 'x-sjis', 'x-euc-jp', 'mac'],
  ].filter((charset) => iconv.encodingExists(charset) && decoderOf(charset))

  /** Every byte, pair and, after the lead bytes that take them, every triple and a choice of fours. */
  function* units(): Generator<Buffer> {
    for (let first = 0; first < 256; first++) {
      yield Buffer.from([first])
      for (let second = 0; second < 256; second++) {
        yield Buffer.from([first, second])
        if (first === 0x8f) for (let third = 0; third < 256; third++) yield Buffer.from([first, second, third])
        if (first > 0x80 && second >> 4 === 3) yield Buffer.from([first, second, 0x81 + ((first * second) % 126), 0x35])
      }
    }
  }

  it.each(standard)('%s: what is read is what it is for body-parser', (charset) => {
    const decode = decoderOf(charset)!
    const other: [bytes: string, ours: string, theirs: string][] = []
    for (const unit of units()) {
      const text = decode(unit)
      const theirs = iconv.decode(unit, charset)
      if (text !== undefined && text !== theirs) other.push([unit.toString('hex'), text, theirs])
    }
    expect(other).toEqual([])
    const any = fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0x80, max: 255 })))
    fc.assert(
      fc.property(any, (bytes) => {
        const text = decode(Buffer.from(bytes))
        if (text !== undefined) expect(text).toBe(iconv.decode(Buffer.from(bytes), charset))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['euc-kr', '8c63b9e6b0a2c7cf'],
    ['cp949', '8c63b9e6b0a2c7cf'],
    ['koi8-u', 'ae'],
    ['koi8-u', 'be'],
    ['shift_jis', '1a'],
    ['shift_jis', '1c'],
    ['shift_jis', '7f'],
    ['big5-hkscs', 'fbfd'],
    ['gbk', '813c62'],
    ['gb2312', 'fe3c62'],
    ['gb2312', 'b0a1a2e3'],
    ['euc-jp', '8f3c62'],
    ['macintosh', 'db'],
  ])('%s: %s is not read, as it would be read otherwise', (charset, hex) => {
    expect(decoderOf(charset)!(Buffer.from(hex, 'hex'))).toBeUndefined()
  })

  it.each([
    'x-unknown',
    '',
    'utf-7',
    'utf-9',
    'cp437',
    'cp850',
    'cp852',
    'macroman',
    'constructor',
    '__proto__',
    'replacement',
    'none',
  ])('%j is not known', (charset) => {
    expect(decoderOf(charset)).toBeUndefined()
  })
})
