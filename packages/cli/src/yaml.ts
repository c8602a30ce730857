import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import { usage } from './failure.ts'

// Loaded by the commands that read a template or a document only.
const yaml = (): typeof Yaml => createRequire(import.meta.url)('yaml')

export const isYaml = (file: string): boolean => /\.ya?ml$/i.test(file)

/** A value as YAML, without anchors. */
export const yamlOf = (value: unknown): string => yaml().stringify(value, { aliasDuplicateObjects: false })

/** CloudFormation's short forms (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html). */
const functions = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'Transform',
]

const longForm = (tag: string): string | undefined => {
  const name = tag.slice(1)
  if (name === 'Ref' || name === 'Condition') return name
  return functions.includes(name) ? `Fn::${name}` : undefined
}

/** `!GetAtt Function.Arn` becomes `{ 'Fn::GetAtt': ['Function', 'Arn'] }`, whatever stands behind a tag. */
function expandShortForms(document: Yaml.Document): void {
  const { visit, isScalar } = yaml()
  visit(document, {
    Node(_key, node) {
      const name = 'tag' in node && node.tag ? longForm(node.tag) : undefined
      if (name === undefined) return undefined
      delete node.tag
      const value = name === 'Fn::GetAtt' && isScalar(node) ? String(node.value).split('.') : node
      return document.createNode({ [name]: value })
    },
  })
}

/**
 * JSON or YAML, with CloudFormation's short forms.
 * @throws Failure if the text is neither
 */
export function parseText(text: string, name: string): unknown {
  const document = yaml().parseDocument(text, { merge: true, logLevel: 'error' })
  const [error] = document.errors
  if (error !== undefined) throw usage(`${name} is neither JSON nor YAML: ${error.message.split('\n')[0]}`)
  expandShortForms(document)
  return document.toJS()
}
