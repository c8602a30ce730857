import { installStreaming, isStreaming, type LambdaHandler } from '@expressway/testing/runtime'
import { type LoadOptions, loadModule, type Refusal } from '../application/load.ts'
import { type Listing, listingOf } from '../application/routes.ts'
import { exportOf } from '../doctor/application.ts'
import { type OwnFiles, shortPath } from '../doctor/own-files.ts'
import { lineAt, withoutComments } from '../doctor/source-code.ts'

/** What a deployment has to know of a module. */
export interface ModuleFacts {
  /** The routes of its application, if it has one. */
  readonly listing?: Listing
  /** The names of its exports that are functions, and whether each streams. */
  readonly handlers: Readonly<Record<string, { readonly streams: boolean }>>
  /** Where its sources do what a gateway has a part in: `src/app.ts:7`. */
  readonly written: Readonly<Partial<Record<Deed, string>>>
}

const deeds = {
  /** Sets cookies, itself or by a package. */
  cookies: /\.(?:cookie|clearCookie)\s*\(|['"]set-cookie['"]|['"](?:express-session|cookie-session|csrf-csrf)['"]/i,
  /** Answers CORS. */
  cors: /['"]cors['"]|\bcors\s*:\s*(?!false)|['"]access-control-allow-origin['"]/i,
  stripPrefixes: /\bstripPrefixes\b/,
} as const

export type Deed = keyof typeof deeds

/** Loads a module into this process, which runs nothing else. */
export async function examineModule(options: LoadOptions): Promise<ModuleFacts | Refusal> {
  installStreaming()
  const loaded = await loadModule(options)
  if ('message' in loaded) return loaded
  const { app, module, own } = loaded
  const names = [...new Set([...Object.keys(module), ...Object.keys(Object(module['default']))])]
  const functions = names.flatMap((name) => {
    const value = exportOf(module, name)
    return typeof value === 'function' ? [[name, { streams: isStreaming(value as LambdaHandler) }] as const] : []
  })
  return {
    ...(app !== undefined && { listing: listingOf({ app }) }),
    handlers: Object.fromEntries(functions),
    written: writtenDeeds(own),
  }
}

function writtenDeeds(own: OwnFiles): Partial<Record<Deed, string>> {
  const found: Partial<Record<Deed, string>> = {}
  for (const path of own.paths) {
    const text = own.text(path)
    if (isBundle(text)) continue
    const code = withoutComments(text)
    for (const [deed, pattern] of Object.entries(deeds) as [Deed, RegExp][]) {
      const at = code.search(pattern)
      if (at >= 0) found[deed] ??= `${shortPath(path)}:${lineAt(code, at)}`
    }
  }
  return found
}

/** A bundle has the code of packages, which does everything. */
const isBundle = (text: string): boolean =>
  text.length > 200_000 || text.includes('//# sourceMappingURL=') || text.split('\n').some((line) => line.length > 2000)
