type Reviver = (this: unknown, key: string, value: unknown) => unknown

/**
 * Reads a JSON body; an empty one is an empty object.
 *
 * @throws SyntaxError with the engine's message, also if only objects and arrays are allowed.
 */
export function parseJson(text: string, strict: boolean, reviver?: Reviver): unknown {
  if (text.length === 0) return {}
  if (strict) checkStrict(text)
  try {
    return JSON.parse(text, reviver)
  } catch (error) {
    throw plainError(error as Error, (error as Error).message)
  }
}

function checkStrict(text: string): void {
  if (text[0] === '{' || text[0] === '[') return
  const start = /[^ \t\n\r]/.exec(text)?.index ?? text.length
  if (text[start] === '{' || text[start] === '[') return
  // The engine's message names the first character, so the stand-in begins with one that no JSON value begins with.
  const stand = text.slice(0, start) + '#'.repeat(text.length - start)
  try {
    JSON.parse(start === text.length ? '' : stand)
  } catch (error) {
    const { message } = error as Error
    throw plainError(
      error as Error,
      message.replace(/#+/g, ({ length }) => text.slice(start, start + length)),
    )
  }
}

/** Keeps only message and stack of an error: properties of a reviver's error, such as `status`, could be taken for ours. */
function plainError(error: Error, message: string): Error {
  const stack = error.stack?.replace(error.message, () => message)
  for (const key of Object.getOwnPropertyNames(error)) {
    if (key !== 'stack' && key !== 'message') Reflect.deleteProperty(error, key)
  }
  error.stack = stack
  error.message = message
  return error
}
