import { renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript59'

/**
 * The declarations of an entry whose CommonJS module is one function: `export =` with the exports of the ES module as
 * members. The entry's own declarations move to `<name>.members.d.ts` beside it.
 * @param path the declarations of the entry as TypeScript wrote them, with a default export.
 */
export function commonJsDeclarations(path: string): string {
  const members = path.replace(/\.d\.ts$/, '.members.d.ts')
  renameSync(path, members)
  const program = ts.createProgram([members], { module: ts.ModuleKind.Node16, skipLibCheck: true })
  const checker = program.getTypeChecker()
  const exports = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(members)!)!)
  const resolved = exports
    .filter(({ name }) => name !== 'default')
    .map((symbol) => ({ name: symbol.name, flags: flagsOf(checker, symbol) }))
  const named = (flag: ts.SymbolFlags) => resolved.filter(({ flags }) => flags & flag).map(({ name }) => name)
  const types = named(ts.SymbolFlags.Type).map((name) => `  export type { ${name} }`)
  const values = named(ts.SymbolFlags.Value).map((name) => `'${name}'`)
  const from = `./${basename(join(members), '.d.ts')}.js`
  return `import type { ${named(ts.SymbolFlags.Type).join(', ')} } from '${from}'
import type * as members from '${from}'

declare const entry: typeof members.default & Pick<typeof members, ${values.join(' | ') || 'never'}>
declare namespace entry {
${types.join('\n')}
}
export = entry
`
}

function flagsOf(checker: ts.TypeChecker, symbol: ts.Symbol): ts.SymbolFlags {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol).flags : symbol.flags
}
