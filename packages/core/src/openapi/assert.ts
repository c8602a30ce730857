import type { Document, Operation, Parameter } from './document.ts'

/**
 * What validators and linters refuse.
 * @throws TypeError that names the route.
 */
export function assertDocument(document: Document): void {
  const ids = new Map<string, string>()
  const schemes = document.components?.securitySchemes ?? {}
  assertSecurity('The document', document.security, schemes)
  for (const [template, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const name = `${method.toUpperCase()} ${template}`
      assertUnique(ids, operation, name)
      assertSecurity(name, operation.security, schemes)
      assertParameters(operation.parameters ?? [], template, name)
    }
  }
  assertTemplates(Object.keys(document.paths))
  assertReferences(document, document)
}

function assertUnique(ids: Map<string, string>, { operationId }: Operation, name: string): void {
  const other = ids.get(operationId)
  if (other !== undefined)
    throw new TypeError(`${name} and ${other} have the same operationId, ${operationId}: rename one`)
  ids.set(operationId, name)
}

function assertSecurity(name: string, security: Document['security'], schemes: object): void {
  for (const requirement of security ?? []) {
    for (const scheme of Object.keys(requirement)) {
      if (Object.hasOwn(schemes, scheme)) continue
      const known = Object.keys(schemes).join(', ') || 'none'
      throw new TypeError(
        `${name} needs the security scheme ${scheme}, which securitySchemes does not declare (it has: ${known})`,
      )
    }
  }
}

function assertParameters(parameters: readonly Parameter[], template: string, name: string): void {
  const seen = new Set<string>()
  for (const parameter of parameters) {
    const key = `${parameter.in} ${parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name}`
    if (seen.has(key)) throw new TypeError(`${name} has two ${parameter.in} parameters of the name ${parameter.name}`)
    seen.add(key)
    if (parameter.in === 'path' && !template.includes(`{${parameter.name}}`)) {
      throw new TypeError(`${name} has no path parameter ${parameter.name}`)
    }
  }
}

/** Two templates that differ only in the names of parameters are one path (OpenAPI 3.1, Paths Object). */
function assertTemplates(templates: readonly string[]): void {
  const shapes = new Map<string, string>()
  for (const template of templates) {
    const shape = template.replaceAll(/\{[^}]*\}/g, '{}')
    const other = shapes.get(shape)
    if (other !== undefined) {
      throw new TypeError(
        `${template} and ${other} are the same path with other names of parameters: use the same names`,
      )
    }
    shapes.set(shape, template)
  }
}

function assertReferences(value: unknown, document: Document, place = ''): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    if (key === '$ref' && typeof member === 'string') assertReference(member, document, place)
    else
      assertReferences(
        member,
        document,
        place === '/paths' || place === '/paths/'
          ? key
          : place.startsWith('/paths') || place === ''
            ? `/${key}`
            : place,
      )
  }
}

function assertReference(reference: string, document: Document, place: string): void {
  if (!reference.startsWith('#/')) return
  let found: unknown = document
  for (const part of reference.slice(2).split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    found = (found as Record<string, unknown> | undefined)?.[key]
  }
  if (found === undefined) throw new TypeError(`${place}: the reference ${reference} leads nowhere`)
}
