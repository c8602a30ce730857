// Whether a value that a handler returned is what the client sent. Asked about the text of the body, so that it also holds
// for copies, for schema libraries and for data that was taken out of the parsed body.
import { someNested } from './json.ts'
import type { Chunk } from './message.ts'

/** Whether a body begins with a JSON object, list or string, after white space. */
export function startsAsJson(body: Chunk): boolean {
  const text = typeof body === 'string'
  let at = 0
  let code: number | undefined
  do code = text ? body.charCodeAt(at++) : body[at++]
  while (code === 32 || code === 9 || code === 10 || code === 13)
  return code === 34 || code === 91 || code === 123
}

/** Whether `json` is JSON for the string `text`. */
export const isJsonString = (json: string, text: string): boolean => json.length > text.length && parse(json) === text

/** Whether the JSON has, at any depth, a list whose first two items are those of `list`. */
export const hasListLike = (json: string, list: readonly unknown[]): boolean =>
  json.includes('[') &&
  someNested(parse(json), (item) => Array.isArray(item) && item[0] === list[0] && item[1] === list[1])

/** Levels of lists and objects. V8's JSON.stringify overflows a stack of 984 KB at about 7,000. */
const deep = 1000

/** Whether JSON text has more than a thousand levels. */
export function isNestedDeeply(json: string): boolean {
  let depth = 0
  for (let at = 0; at < json.length; at++) {
    const char = json[at]!
    if (char === '"') at = endOfString(json, at)
    else if (char === '[' || char === '{') {
      if (++depth > deep) return true
    } else if (char === ']' || char === '}') depth--
  }
  return false
}

function endOfString(json: string, start: number): number {
  let at = start + 1
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
