/** What Express 4 wrote in another way than path-to-regexp 8 does. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/(^|[^\\])\*(?![\w$"])/, "'*' needs a name: '*splat', or '{*splat}' to match nothing as well"],
  [/:[\w$]+\?/, "':name?' is now '{:name}', with its slash: '/users{/:id}'"],
  [/:[\w$]+[*+]/, "':name*' and ':name+' are now '{*name}' and '*name'"],
  [/[([]/, 'a RegExp, or an array of paths, says what groups and classes said'],
  [/[?+!]/, "an optional part stands in braces: '/colo{u}r'"],
  [/:(?![\w$"])/, "':' needs a name: ':id', or '\\:' to mean the character"],
]

/**
 * The error of an invalid path with the path in its message, and how to write today what Express 4 wrote.
 * @example try { router.add(path, handler) } catch (error) { throw explainPathError(path, error) }
 */
export function explainPathError(path: unknown, error: unknown): TypeError {
  const reason = error instanceof Error ? error.message : String(error)
  const given = (Array.isArray(path) ? path.flat(Infinity) : [path]).filter((each) => typeof each === 'string')
  const hint = HINTS.find(([sign]) => given.some((each) => sign.test(each)))?.[1]
  const advice = hint ? ` Express 5's paths: ${hint};` : ''
  return new TypeError(
    `Invalid path ${given.map((each) => `'${each}'`).join(', ')}: ${reason}.${advice} ( ) [ ] + ? ! are reserved, '\\' escapes them.`,
    { cause: error },
  )
}
