import { readFileSync } from 'node:fs'
import { findFile } from '../arguments.ts'
import { Failure, usage } from '../failure.ts'
import { suggestion } from '../nearest.ts'
import { parseText } from '../yaml.ts'
import { sentByTemplate } from './cloudformation.ts'
import { sentByDocument } from './openapi.ts'
import { isRecord, type SentList } from './sent.ts'
import { sentByServerless } from './serverless.ts'

/**
 * What a template sends to a function.
 * @param name a SAM or CloudFormation template, a serverless.yml, or an OpenAPI document
 * @param target the function's name in the template; needed if it has several that get requests
 * @throws Failure if it is none of these, or sends nothing to the function
 */
export function readTemplate(name: string, target: string | undefined): SentList {
  const list = sentBy(parseText(readFileSync(findFile(name, 'person'), 'utf8'), name), name)
  if (list.sent.length === 0 && list.warnings.length === 0) {
    throw new Failure(
      `${name} sends nothing to a function: it has no API's routes, function URL or load balancer's rules.`,
    )
  }
  const targets = [...new Set(list.sent.flatMap(({ target: each }) => each ?? []))]
  const wanted = chooseTarget(targets, target, name)
  return { ...list, sent: list.sent.filter(({ target: each }) => each === undefined || each === wanted) }
}

function sentBy(value: unknown, name: string): SentList {
  if (isRecord(value)) {
    if (isRecord(value['Resources'])) return sentByTemplate(value)
    if (value['openapi'] !== undefined || value['swagger'] !== undefined) return sentByDocument(value, name)
    if (value['functions'] !== undefined) return sentByServerless(value)
  }
  throw usage(
    `${name} is no template that is known: a SAM or CloudFormation template has Resources, a serverless.yml functions, an OpenAPI document openapi.`,
  )
}

function chooseTarget(targets: readonly string[], wanted: string | undefined, name: string): string | undefined {
  if (wanted === undefined) {
    if (targets.length < 2) return targets[0]
    throw usage(
      `${name} sends requests to ${targets.length} functions: choose one by --function: ${targets.join(', ')}.`,
    )
  }
  // The CDK adds eight hexadecimal digits to a name.
  const found = targets.find((each) => each === wanted || each.replace(/[0-9A-F]{8}$/, '') === wanted)
  if (found !== undefined) return found
  throw usage(
    `${name} sends nothing to a function "${wanted}".${suggestion(wanted, targets)} It has ${targets.join(', ') || 'none'}.`,
  )
}
