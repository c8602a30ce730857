import {
  everyPath,
  fromPathPattern,
  isRecord,
  records,
  type Sent,
  type SentList,
  toMethod,
  toMethodAndPath,
  toPath,
} from './sent.ts'

/** What a serverless.yml sends to its functions (https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml). */
export function sentByServerless(template: Record<string, unknown>): SentList {
  const list: SentList = { sent: [], warnings: [] }
  const { functions } = template
  // A list of parts, each of which may be a variable.
  for (const part of [functions].flat()) {
    if (!isRecord(part))
      list.warnings.push(`functions are in other files (${String(part)}): check what "serverless print" writes`)
  }
  const named = [functions].flat().flatMap(records)
  for (const [name, definition] of named) {
    const add = (sent: Pick<Sent, 'method' | 'path'>, event: string) =>
      void list.sent.push({ ...sent, place: `${name}, ${event}`, target: name })
    if (definition['url']) add({ method: 'ANY', path: everyPath }, 'url')
    for (const event of [definition['events'] ?? []].flat()) {
      if (!isRecord(event)) continue
      for (const kind of ['http', 'httpApi'] as const) {
        const value = event[kind]
        if (typeof value === 'string') add(toMethodAndPath(value), kind)
        else if (isRecord(value)) add({ method: toMethod(value['method']), path: toPath(value['path']) }, kind)
      }
      if (isRecord(event['alb'])) addRule(list, name, event['alb'])
    }
  }
  return list
}

function addRule(list: SentList, name: string, { conditions }: Record<string, unknown>): void {
  const { path = '*', method = 'ANY' } = (conditions ?? {}) as { path?: string | string[]; method?: string | string[] }
  for (const pattern of [path].flat()) {
    const template = fromPathPattern(pattern)
    if (template === undefined) {
      list.warnings.push(`${name}, alb: the pattern ${pattern} matches parts of segments; left out`)
      continue
    }
    for (const each of [method].flat()) {
      list.sent.push({ method: toMethod(each), path: template, place: `${name}, alb`, target: name })
    }
  }
}
