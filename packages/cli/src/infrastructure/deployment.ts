import type { Deployed } from './deployed.ts'
import { deployedByTemplate } from './deployed-cloudformation.ts'
import { deployedByDocument } from './deployed-openapi.ts'
import { deployedByServerless } from './deployed-serverless.ts'
import type { Template } from './template.ts'

/**
 * A function of a template, and its gateways.
 * @param target the function's name in the template
 */
export function deployedBy({ kind, value, name }: Template, target: string | undefined): Deployed {
  if (kind === 'openapi') return deployedByDocument(value, name)
  return kind === 'serverless' ? deployedByServerless(value, target) : deployedByTemplate(value, target)
}
