import { emptyRecord, isEmpty } from './fields.ts'

/**
 * Parameters that a resource such as `/users/{id}` or `/files/{proxy+}` finds in a path; `undefined` if it does not
 * match. A trailing slash is no segment: the recorded `/proxy-value/` has the parameter `proxy-value`.
 */
export function matchResource(resource: string, path: string): Record<string, string> | undefined {
  const wanted = segmentsOf(resource)
  const given = segmentsOf(path)
  const parameters = emptyRecord<string>()
  for (const [index, segment] of wanted.entries()) {
    const name = /^\{(.+?)(\+?)\}$/.exec(segment)
    const value = given[index]
    if (value === undefined) return undefined
    if (name?.[2] === '+') {
      parameters[name[1]!] = given.slice(index).join('/')
      return parameters
    }
    if (name) parameters[name[1]!] = value
    else if (segment !== value) return undefined
  }
  return wanted.length === given.length ? parameters : undefined
}

function segmentsOf(path: string): string[] {
  const inner = path.replace(/^\/+/, '').replace(/\/$/, '')
  return inner === '' ? [] : inner.split('/')
}

/** The parameters of the event: given, or found in the path; `null` if there are none. */
export function pathParameters(
  resource: string,
  path: string,
  given: Record<string, string> | undefined,
): Record<string, string> | null {
  const parameters = given ?? matchResource(resource, path)
  return parameters === undefined || isEmpty(parameters) ? null : parameters
}
