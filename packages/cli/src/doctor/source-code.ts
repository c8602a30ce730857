const blank = (part: string): string => part.replace(/[^\n]/g, ' ')

/** A file's text in which comments are blank, so that what stands in them is not found; lines and columns stay. */
export const withoutComments = (text: string): string =>
  text.replace(TOKENS, (token) => (/^\/[/*]/.test(token) ? blank(token) : token))

/** The same with the insides of strings and regular expressions blank as well. */
export const onlyCode = (text: string): string =>
  text.replace(TOKENS, (token) =>
    /^\/[/*]/.test(token) ? blank(token) : token[0] + blank(token.slice(1, -1)) + token.at(-1),
  )

// Strings, templates and regular expressions are taken whole: what looks like a comment in them is none.
const TOKENS = new RegExp(
  [
    String.raw`\/\*[\s\S]*?\*\/`,
    String.raw`\/\/[^\n]*`,
    String.raw`'(?:\\.|[^'\\\n])*'`,
    String.raw`"(?:\\.|[^"\\\n])*"`,
    String.raw`${'`'}(?:\\[\s\S]|[^${'`'}\\])*${'`'}`,
    String.raw`(?<=[(,=:[!&|?{};+\n]\s*|return\s+)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/`,
  ].join('|'),
  'g',
)

/** The number of the line, from 1, that has the character at this index. */
export function lineAt(text: string, index: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++
  return line
}

/** The text between the brackets of the call that opens at `index`. */
export function argumentsAt(text: string, index: number): string {
  let depth = 0
  for (let at = index; at < text.length; at++) {
    if ('([{'.includes(text[at]!)) depth++
    if (')]}'.includes(text[at]!) && --depth === 0) return text.slice(index + 1, at)
  }
  return text.slice(index + 1)
}

/** The first argument of a call's arguments. */
export function firstArgument(text: string): string {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if ('([{'.includes(text[at]!)) depth++
    else if (')]}'.includes(text[at]!)) depth--
    else if (text[at] === ',' && depth === 0) return text.slice(0, at)
  }
  return text
}
