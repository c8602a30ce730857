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
  const from = `./${basename(members, '.d.ts')}.js`
  const types = typesOf(members)
  const values = exported.filter((name) => !['default', 'module.exports'].includes(name)).map((name) => `'${name}'`)
  return `import type { ${types.join(', ')} } from '${from}'
import type * as members from '${from}'

declare const entry: typeof members.default & Pick<typeof members, ${values.join(' | ') || 'never'}>
declare namespace entry {
${types.map((name) => `  export type { ${name} }`).join('\n')}
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
