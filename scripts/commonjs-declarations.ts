import { renameSync } from 'node:fs'
import { basename } from 'node:path'
import ts from 'typescript59'

/**
 * The declarations of an entry whose CommonJS module is one value: `export =`, for a function with the exports of the ES
 * module as members. The entry's own declarations move to `<name>.members.d.ts` beside it.
 * @param path the declarations of the entry as TypeScript wrote them, with a default export.
 * @param exported the names of its values.
 * @throws Error if the function has overloads or type parameters: no declaration beside a namespace can repeat them.
 */
export function commonJsDeclarations(path: string, exported: readonly string[]): string {
  const members = path.replace(/\.d\.ts$/, '.members.d.ts')
  renameSync(path, members)
  const from = `'./${basename(members, '.d.ts')}.js'`
  const { calls, types } = read(members)
  const values = exported.filter((name) => !['default', 'module.exports'].includes(name))
  const names = [...new Set([...types, ...values])].sort()
  if (calls.length === 0 || names.length === 0)
    return `import entry_ from ${from}\n\ndeclare const entry: typeof entry_\nexport = entry\n`
  if (calls.length > 1 || calls[0]!.typeParameters) {
    throw new Error(`${members}: the default export has overloads or type parameters, which \`export =\` would lose.`)
  }
  // A function and a namespace merge, whatever the namespace holds; names such as `static` are words of the language.
  return `import type entry_ from ${from}
import { ${names.map((name) => `${name} as ${name}_`).join(', ')} } from ${from}

declare function entry(...args: Parameters<typeof entry_>): ReturnType<typeof entry_>
declare namespace entry {
  export { ${names.map((name) => `${name}_ as ${name}`).join(', ')} }
}
export = entry
`
}

/** How the default export is called, and the names of the other exports that are types: interfaces, aliases and classes. */
function read(declarations: string): { calls: readonly ts.Signature[]; types: string[] } {
  const program = ts.createProgram([declarations], { module: ts.ModuleKind.Node16, skipLibCheck: true })
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(declarations)!)!
  const symbols = checker.getExportsOfModule(module)
  const whole = symbols.find(({ name }) => name === 'default')!
  const isType = (symbol: ts.Symbol) => targetOf(checker, symbol).flags & ts.SymbolFlags.Type
  return {
    calls: checker.getTypeOfSymbol(targetOf(checker, whole)).getCallSignatures(),
    types: symbols.filter((symbol) => symbol !== whole && isType(symbol)).map(({ name }) => name),
  }
}

function targetOf(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}
