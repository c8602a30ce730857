import { isRecord, records, type Sent, type SentList, toMethod, toPath } from './sent.ts'

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'x-amazon-apigateway-any-method']

/**
 * What an API sends that is described by an OpenAPI document.
 * @param targetOf the function that an integration leads to
 */
export function sentByDocument(
  document: Record<string, unknown>,
  place: string,
  targetOf: (integration: unknown) => string | undefined = () => undefined,
): SentList {
  const list: SentList = { sent: [], warnings: [] }
  for (const [path, item] of records(document['paths'])) {
    for (const [method, operation] of records(item)) {
      if (!methods.includes(method)) continue
      const integration = operation['x-amazon-apigateway-integration']
      if (isRecord(integration) && String(integration['type']).toLowerCase() === 'mock') continue
      const sent: Sent = { method: toMethod(method), path: toPath(path), place, target: targetOf(integration) }
      list.sent.push(sent)
    }
    if ('$ref' in item) list.warnings.push(`${place}: ${path} is described in another file; left out`)
  }
  return list
}
