import { renameSync } from 'node:fs'
import { basename } from 'node:path'
import ts from 'typescript59'

/**
 * The declarations of an entry whose CommonJS module is one function: `export =` with the exports of the ES module as
 * members. The entry's own declarations move to `<name>.members.d.ts` beside it.
 * @param path the declarations of the entry as TypeScript wrote them, with a default export.
 * @param exported the names of its values.
 */
export function commonJsDeclarations(path: string, exported: readonly string[]): string {
  const members = path.replace(/\.d\.ts$/, '.members.d.ts')
  renameSync(path, members)
  const values = exported.filter((name) => !['default', 'module.exports'].includes(name))
  const names = [...new Set([...typesOf(members), ...values])].sort()
  // A function and a namespace merge, whatever the namespace holds; names such as `static` are words of the language.
  return `import type entry_ from './${basename(members, '.d.ts')}.js'
import { ${names.map((name) => `${name} as ${name}_`).join(', ')} } from './${basename(members, '.d.ts')}.js'

declare function entry(...args: Parameters<typeof entry_>): ReturnType<typeof entry_>
declare namespace entry {
  export { ${names.map((name) => `${name}_ as ${name}`).join(', ')} }
}
export = entry
`
}

/** The names that are types: interfaces, aliases and classes. */
function typesOf(declarations: string): string[] {
  const program = ts.createProgram([declarations], { module: ts.ModuleKind.Node16, skipLibCheck: true })
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(declarations)!)!
  const isType = (symbol: ts.Symbol) => flagsOf(checker, symbol) & ts.SymbolFlags.Type
  const symbols = checker.getExportsOfModule(module).filter((symbol) => symbol.name !== 'default' && isType(symbol))
  return symbols.map(({ name }) => name)
}

function flagsOf(checker: ts.TypeChecker, symbol: ts.Symbol): ts.SymbolFlags {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol).flags : symbol.flags
}
