import type { Document, Operation, PathItem } from './document.ts'
import type { JsonSchema } from './json-schema.ts'

/**
 * Members of a schema that API Gateway refuses or ignores when it imports a document
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).
 */
const unknown = [
  'default',
  'discriminator',
  'example',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'nullable',
  'readOnly',
  'writeOnly',
]

/** A path segment that API Gateway takes: text, or one parameter that is the whole segment. */
const segment = /^(?:[A-Za-z0-9_.,:-]*|\{[A-Za-z0-9_.-]+\+?\})$/

/** The integration of a function: the placeholder is replaced by CloudFormation, SAM or Terraform. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation replaces it
const lambdaProxy = {
  type: 'aws_proxy',
  httpMethod: 'POST',
  uri: {
    'Fn::Sub':
      'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations',
  },
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: CloudFormation replaces it

/** A document of OpenAPI 3.0 as API Gateway imports it; routes that it cannot have are left out, with a warning. */
export function apiGatewayDialect(
  document: Document,
  integration: object = lambdaProxy,
): { document: Document; warnings: string[] } {
  const warnings: string[] = []
  const paths: Record<string, PathItem> = {}
  const { security, ...rest } = document
  for (const [template, item] of Object.entries(document.paths)) {
    const path = greedy(template, item)
    if (!path.split('/').every((part) => segment.test(part))) {
      warnings.push(
        `${template}: API Gateway takes a parameter only as a whole segment, and letters, digits, "_.-,:" as text; left out`,
      )
    } else if (/\+\}./.test(path)) {
      warnings.push(`${template}: API Gateway takes a wildcard only at the end of a path; left out`)
    } else paths[path] = toItem(item, security, integration)
  }
  return { document: withoutUnknown({ ...rest, openapi: '3.0.1', paths }) as Document, warnings }
}

/** `{name}` of a wildcard is `{name+}`. */
function greedy(template: string, item: PathItem): string {
  const wildcards = Object.values(item).flatMap(({ parameters = [] }) =>
    parameters.filter((parameter) => parameter['x-wildcard']).map(({ name }) => name),
  )
  return wildcards.reduce((path, name) => path.replace(`{${name}}`, `{${name}+}`), template)
}

function toItem(item: PathItem, security: Document['security'], integration: object): PathItem {
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]) => {
      const { 'x-wildcard': _mark, ...own } = operation
      // The gateway ignores `security` of the whole document.
      const secured = own.security === undefined && security !== undefined ? { security } : {}
      const parameters = own.parameters?.map(({ 'x-wildcard': _wildcard, ...parameter }) => parameter)
      const adapted: Operation = {
        ...own,
        ...secured,
        ...(parameters && { parameters }),
        'x-amazon-apigateway-integration': integration,
      } as Operation
      return [method, adapted]
    }),
  )
}

/** Without the members that the gateway does not know, wherever a schema stands; a property may have such a name. */
function withoutUnknown(value: unknown, key = '', isProperties = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutUnknown(item, key))
  if (typeof value !== 'object' || value === null) return value
  if (key === 'x-amazon-apigateway-integration') return value
  const isSchema = !isProperties && schemaMembers.some((name) => name in (value as JsonSchema))
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !(isSchema && unknown.includes(name)))
      .map(([name, member]) => [name, withoutUnknown(member, name, name === 'properties' || name === 'schemas')]),
  )
}

const schemaMembers = ['$ref', 'allOf', 'anyOf', 'enum', 'items', 'oneOf', 'properties', 'type']
