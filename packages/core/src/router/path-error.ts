/**
 * The error of an invalid path: what path-to-regexp says, with the path and with how to write what Express 4 wrote.
 * @example try { router.add(path, handler) } catch (error) { throw explainPathError(path, error) }
 */
export function explainPathError(path: unknown, cause: unknown): TypeError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new TypeError(
    `Invalid path ${show(path)}: ${reason}. As of Express 5 '*' needs a name, '*splat'; ':id?' is '{:id}', '/:id?' is ` +
      "'{/:id}'; and ( ) [ ] + ? ! are reserved: write '\\\\' before one that is meant as it is, or use a RegExp.",
    { cause },
  )
}

function show(path: unknown): string {
  return Array.isArray(path) ? `[${path.map(show).join(', ')}]` : typeof path === 'string' ? `'${path}'` : String(path)
}
