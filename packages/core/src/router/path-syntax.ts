/** What a path captures: one segment or less, `:name`, or with `rest` any number of segments, `*name`. */
export interface Capture {
  readonly name: string
  readonly rest: boolean
}

/** One way through a path, its optional groups taken or left: text, capture, text, capture … text. */
export interface Way {
  /** One more than captures; an empty one only at either end. */
  readonly texts: readonly string[]
  readonly captures: readonly Capture[]
}

type Group = Token[]
type Token = string | Capture | Group

/**
 * The ways through a path in path-to-regexp 8's syntax, in the order in which they are to be tried.
 * @example [...toWays('/a{/:b}')] // [{ texts: ['/a/', ''], captures: [{ name: 'b', … }] }, { texts: ['/a'], captures: [] }]
 * @throws TypeError with path-to-regexp's message where the path is invalid.
 */
export const toWays = (path: string): Iterable<Way> => expand(parse(path), { texts: [''], captures: [] })

function* expand(tokens: readonly Token[], way: Way): Generator<Way> {
  for (const [index, token] of tokens.entries()) {
    if (Array.isArray(token)) {
      const rest = tokens.slice(index + 1)
      for (const taken of expand(token, way)) yield* expand(rest, taken)
    } else way = extend(way, token)
  }
  yield way
}

function extend({ texts, captures }: Way, token: string | Capture): Way {
  return typeof token === 'string'
    ? { texts: texts.with(-1, texts.at(-1) + token), captures }
    : { texts: [...texts, ''], captures: [...captures, token] }
}

function parse(path: string): Token[] {
  // Positions in messages count characters, not code units.
  const chars = isAscii(path) ? path : [...path]
  let at = 0

  /** Up to the brace that closes a group, or with `''` up to the end. */
  function tokensUntil(closing: string): Token[] {
    const tokens: Token[] = []
    let text = ''
    const push = (...more: Token[]) => {
      if (text) tokens.push(text)
      text = ''
      tokens.push(...more)
    }
    while (at < chars.length) {
      const char = chars[at++]!
      if (char === closing) {
        push()
        return tokens
      }
      if (char === ':' || char === '*') push({ name: name(), rest: char === '*' })
      else if (char === '{') push(tokensUntil('}'))
      else if ('}()[]+?!'.includes(char)) throw pathError(`Unexpected ${char} at index ${at - 1}`, path)
      else text += char === '\\' ? escaped() : char
    }
    if (closing) throw pathError(`Unexpected end at index ${at}, expected ${closing}`, path)
    push()
    return tokens
  }

  function escaped(): string {
    if (at === chars.length) throw pathError(`Unexpected end after \\ at index ${at}`, path)
    return chars[at++]!
  }

  function name(): string {
    const start = at
    if (chars[at] === '"') return quotedName()
    if (at < chars.length && isNameStart(chars[at]!)) while (at < chars.length && isNamePart(chars[at]!)) at++
    if (at === start) throw pathError(`Missing parameter name at index ${at}`, path)
    return typeof chars === 'string' ? chars.slice(start, at) : chars.slice(start, at).join('')
  }

  function quotedName(): string {
    const start = at++
    let name = ''
    while (at < chars.length && chars[at] !== '"') {
      if (chars[at] === '\\') at++
      name += chars[at++]
    }
    if (at >= chars.length) throw pathError(`Unterminated quote at index ${start}`, path)
    at++
    if (!name) throw pathError(`Missing parameter name at index ${at}`, path)
    return name
  }

  return tokensUntil('')
}

export const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text)

// The letters of all languages only where there are any: V8 takes 2 ms to compile their classes.
const isNameStart = (char: string): boolean => (isAscii(char) ? /[$_A-Za-z]/.test(char) : /^\p{ID_Start}$/u.test(char))

const isNamePart = (char: string): boolean =>
  isAscii(char) ? /[$\w]/.test(char) : /^(?:\p{ID_Continue}|\u200c|\u200d)$/u.test(char)

/** An invalid path, in path-to-regexp's words, which Express passes on. */
export function pathError(reason: string, path: string): TypeError {
  const named = path && `: ${path}`
  const error = new TypeError(`${reason}${named}; visit https://git.new/pathToRegexpError for info`)
  return Object.assign(error, { originalPath: path })
}
