import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { findFile } from '../arguments.ts'
import { Failure, usage } from '../failure.ts'
import { suggestion } from '../nearest.ts'
import { parseText } from '../yaml.ts'
import { sentByTemplate } from './cloudformation.ts'
import { sentByDocument } from './openapi.ts'
import { isRecord, type SentList } from './sent.ts'
import { sentByServerless } from './serverless.ts'
import { fromTerraform } from './terraform.ts'

/** What wrote a template: it decides how a fix is written. */
export type TemplateKind = 'sam' | 'cloudformation' | 'cdk' | 'terraform' | 'serverless' | 'openapi'

/** A template that was read. Terraform's is a CloudFormation template by now. */
export interface Template {
  /** As the command line names it. */
  readonly name: string
  readonly file: string
  readonly kind: TemplateKind
  readonly value: Record<string, unknown>
}

/**
 * Reads a SAM or CloudFormation template, the CDK's too, a serverless.yml, a Terraform configuration or an OpenAPI document.
 * @throws Failure if it is none of these
 */
export async function readTemplate(name: string): Promise<Template> {
  const file = findFile(name, 'person')
  const value = file.endsWith('.tf') ? await readTerraform(file, name) : parseText(readFileSync(file, 'utf8'), name)
  if (isRecord(value)) {
    if (isRecord(value['Resources'])) return { name, file, kind: kindOf(value), value }
    if (isRecord(value['resource'])) return { name, file, kind: 'terraform', value: fromTerraform(value) }
    if (value['openapi'] !== undefined || value['swagger'] !== undefined) return { name, file, kind: 'openapi', value }
    if (value['functions'] !== undefined) return { name, file, kind: 'serverless', value }
  }
  throw usage(
    `${name} is no template that is known: a SAM or CloudFormation template has Resources, a serverless.yml functions, a Terraform configuration resource, an OpenAPI document openapi.`,
  )
}

function kindOf(template: Record<string, unknown>): TemplateKind {
  if (JSON.stringify(template['Transform'] ?? '').includes('AWS::Serverless')) return 'sam'
  // Each stack of the CDK checks the version of its bootstrap.
  return 'BootstrapVersion' in Object(template['Parameters']) ? 'cdk' : 'cloudformation'
}

/** All Terraform files of the folder, which are one configuration. */
async function readTerraform(file: string, name: string): Promise<unknown> {
  const folder = dirname(file)
  const names = readdirSync(folder).filter((each) => each.endsWith('.tf'))
  const text = names.map((each) => readFileSync(join(folder, each), 'utf8')).join('\n')
  try {
    return await hcl2json(folder).parse(name, text)
  } catch (error) {
    if (error instanceof Failure) throw error
    const [reason] = (error as Error).message.trim().split('\n').slice(-1)
    throw usage(`${name} is not Terraform's language: ${reason}`)
  }
}

interface Hcl {
  parse(name: string, text: string): Promise<Record<string, unknown>>
}

/** The project's own copy, as few templates are Terraform's. */
function hcl2json(folder: string): Hcl {
  for (const from of [join(folder, 'package.json'), import.meta.url]) {
    try {
      return createRequire(from)('@cdktf/hcl2json')
    } catch {
      // The next place.
    }
  }
  throw new Failure('Terraform files are read with @cdktf/hcl2json: npm install --save-dev @cdktf/hcl2json')
}

/**
 * What a template sends to a function.
 * @param target the function's name in the template; needed if it has several that get requests
 * @throws Failure if it sends nothing to the function
 */
export function sentBy(template: Template, target: string | undefined): SentList & { readonly target?: string } {
  const { name } = template
  const list = listOf(template)
  if (list.sent.length === 0 && list.warnings.length === 0) {
    throw new Failure(
      `${name} sends nothing to a function: it has no API's routes, function URL or load balancer's rules.`,
    )
  }
  const targets = [...new Set(list.sent.flatMap(({ target: each }) => each ?? []))]
  const wanted = chooseTarget(targets, target, name)
  const sent = list.sent.filter(({ target: each }) => each === undefined || each === wanted)
  return { ...list, sent, ...(wanted !== undefined && { target: wanted }) }
}

function listOf({ kind, value, name }: Template): SentList {
  if (kind === 'openapi') return sentByDocument(value, name)
  return kind === 'serverless' ? sentByServerless(value) : sentByTemplate(value)
}

function chooseTarget(targets: readonly string[], wanted: string | undefined, name: string): string | undefined {
  if (wanted === undefined) {
    if (targets.length < 2) return targets[0]
    throw usage(
      `${name} sends requests to ${targets.length} functions: choose one by --function: ${targets.join(', ')}.`,
    )
  }
  // The CDK adds eight hexadecimal digits to a name. Terraform's names follow the type.
  const found = targets.find((each) => [each, each.replace(/[0-9A-F]{8}$/, ''), each.split('.')[1]].includes(wanted))
  if (found !== undefined) return found
  throw usage(
    `${name} sends nothing to a function "${wanted}".${suggestion(wanted, targets)} It has ${targets.join(', ') || 'none'}.`,
  )
}
