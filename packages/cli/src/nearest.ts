/** The name that is closest to the given one, or undefined if all of them differ in more than a third of their letters. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const ranked = names.map((name) => ({ name, edits: editsBetween(given.toLowerCase(), name) }))
  const [best] = ranked.sort((a, b) => a.edits - b.edits)
  return best !== undefined && best.edits <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : undefined
}

/** How many letters have to be added, removed, replaced or swapped with the next (optimal string alignment distance). */
function editsBetween(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = rows[row - 1]![column - 1]! + Number(from[row - 1] !== to[column - 1])
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const swapped = isSwapped ? rows[row - 2]![column - 2]! + 1 : Number.POSITIVE_INFINITY
      line.push(Math.min(rows[row - 1]![column]! + 1, line[column - 1]! + 1, replaced, swapped))
    }
    rows.push(line)
  }
  return rows[from.length]![to.length]!
}

/** ` Did you mean "dev"?`, or `''` if no name is close. */
export function suggestion(given: string, names: readonly string[]): string {
  const name = nearest(given, names)
  return name === undefined ? '' : ` Did you mean "${name}"?`
}
