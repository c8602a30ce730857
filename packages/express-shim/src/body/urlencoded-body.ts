import { check } from '../check.ts'
import { httpError } from '../http/http-error.ts'
import { parseNested } from '../url/nested-query.ts'

/** The options of forms in addition to {@link BodyOptions}. */
export interface FormOptions {
  /** Nested keys (`a[b]=1`). Default: false. */
  extended?: boolean
  /** How deep keys may nest, if extended: 400 beyond. Default: 32. */
  depth?: number
  /** The most parameters: 413 beyond. Default: 1000. */
  parameterLimit?: number
  /** Lets the form's `utf8=✓` field choose the charset. */
  charsetSentinel?: boolean
  /** Reads `&#9786;` in ISO-8859-1 forms. */
  interpretNumericEntities?: boolean
}

/**
 * A parser of form texts.
 *
 * @throws TypeError if an option is not a number, or out of its range.
 */
export function formParser(options: FormOptions): (text: string, charset: string) => Record<string, unknown> {
  const { charsetSentinel, interpretNumericEntities } = options
  const extended = Boolean(options.extended)
  const limit = parameterLimitOf(options.parameterLimit)
  const depth = extended ? depthOf(options.depth) : 0
  return (text, charset) => {
    if (text === '') return {}
    const count = countParameters(text, limit)
    if (count > limit) throw httpError(413, 'too many parameters', { type: 'parameters.too.many' })
    try {
      return parseNested(text, {
        arrayLimit: extended ? Math.max(100, count) : count,
        depth,
        strictDepth: true,
        charset,
        charsetSentinel: charsetSentinel === true,
        interpretNumericEntities: interpretNumericEntities === true,
        parameterLimit: limit,
      })
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw httpError(400, 'The input exceeded the depth', { type: 'querystring.parse.rangeError' })
    }
  }
}

function parameterLimitOf(option: unknown = 1000): number {
  const limit = Number(option)
  check(limit >= 1, 'option parameterLimit must be a positive number')
  return Number.isFinite(limit) ? limit | 0 : limit
}

function depthOf(option: unknown = 32): number {
  check(Number(option) >= 0, 'option depth must be a zero or a positive number')
  // qs takes its own default if the option is not a number.
  return typeof option === 'number' || option === false ? Number(option) : 5
}

/** The number of parameters; counting stops at one more than the limit. */
function countParameters(text: string, limit: number): number {
  let count = 1
  for (let at = text.indexOf('&'); at >= 0 && count <= limit; at = text.indexOf('&', at + 1)) count++
  return count
}
