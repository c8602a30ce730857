/** Shows the members of a class to whoever enumerates them: Express's are plain objects, which tools copy and wrap by `for in`. */
export function showMembers(prototype: object): void {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name !== 'constructor') Object.defineProperty(prototype, name, { enumerable: true })
  }
}
