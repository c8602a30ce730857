import { isDeepStrictEqual } from 'node:util'
import type { Document } from '@expressway/core/openapi'
import { Failure } from '../failure.ts'

/** A document and the file that it was made of. */
export interface NamedDocument {
  readonly name: string
  readonly document: Document
}

/**
 * Several documents as one. Title, version, servers and security are the first's.
 * @throws Failure that names both files if two describe one operation, or one name differently
 */
export function mergeDocuments(documents: readonly NamedDocument[]): Document {
  const [first, ...others] = documents
  if (others.length === 0) return first!.document
  const owners = new Map<string, NamedDocument>()
  const ids = new Map<string, { name: string; operation: string }>()
  const merged: Document = structuredClone(first!.document)
  for (const { name, document } of documents) {
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const label = `${method.toUpperCase()} ${path}`
        claim(owners, label, { name, document }, () => false)
        claimId(ids, operation.operationId, { name, operation: label })
        const target = (merged.paths[path] ??= {})
        target[method] = withSecurity(operation, document, merged)
      }
    }
    for (const kind of ['schemas', 'securitySchemes'] as const) {
      for (const [key, value] of Object.entries(document.components?.[kind] ?? {})) {
        const label = kind === 'schemas' ? `the schema ${key}` : `the security scheme ${key}`
        claim(owners, label, { name, document }, ({ document: known }) =>
          isDeepStrictEqual(known.components?.[kind]?.[key], value),
        )
        const components = (merged.components ??= {}) as Record<string, Record<string, unknown>>
        ;(components[kind] ??= {})[key] = value
      }
    }
  }
  const tags = new Map(documents.flatMap(({ document }) => document.tags ?? []).map((tag) => [tag.name, tag]))
  if (tags.size > 0) merged.tags = [...tags.values()]
  return merged
}

function claim(
  owners: Map<string, NamedDocument>,
  label: string,
  owner: NamedDocument,
  isSame: (known: NamedDocument) => boolean,
): void {
  const known = owners.get(label)
  if (known === undefined) owners.set(label, owner)
  else if (!isSame(known)) {
    const what = label.startsWith('the ') ? 'both have, each with another meaning: rename one' : 'both answer'
    throw new Failure(`${known.name} and ${owner.name} conflict: ${label}, which ${what}.`)
  }
}

function claimId(
  ids: Map<string, { name: string; operation: string }>,
  id: string,
  owner: { name: string; operation: string },
): void {
  const known = ids.get(id)
  if (known === undefined) ids.set(id, owner)
  else {
    const both = `${known.operation} and ${owner.operation}`
    throw new Failure(`${known.name} and ${owner.name} conflict: ${both} have the same operationId, ${id}: rename one.`)
  }
}

/** The security of a whole document goes to its operations if the merged document has another. */
function withSecurity<Operation extends { security?: unknown }>(
  operation: Operation,
  { security }: Document,
  merged: Document,
): Operation {
  if (operation.security !== undefined || isDeepStrictEqual(security, merged.security)) return operation
  return { ...operation, security: security ?? [] }
}
