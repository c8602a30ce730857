import { isRecord, records } from './sent.ts'

/** A resource of a CloudFormation template. */
export interface Resource {
  readonly name: string
  readonly type: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
}

/** The resources of a CloudFormation template, and what their properties refer to. */
export class Resources implements Iterable<Resource> {
  readonly #all = new Map<string, Resource>()

  constructor(template: Readonly<Record<string, unknown>>) {
    for (const [name, { Type, Properties, Metadata }] of records(template['Resources'])) {
      this.#all.set(name, {
        name,
        type: String(Type),
        properties: isRecord(Properties) ? Properties : {},
        metadata: isRecord(Metadata) ? Metadata : {},
      })
    }
  }

  [Symbol.iterator](): Iterator<Resource> {
    return this.#all.values()
  }

  get(name: string): Resource | undefined {
    return this.#all.get(name)
  }

  ofType(...types: readonly string[]): Resource[] {
    return [...this].filter(({ type }) => types.includes(type))
  }

  /** The first resource of a type that a value refers to. */
  referred(value: unknown, type: string): Resource | undefined {
    return this.referencesIn(value)
      .map((name) => this.get(name)!)
      .find((resource) => resource.type === type)
  }

  /** The function that a value names, itself or through an alias or a version. */
  targetOf(value: unknown): string | undefined {
    for (const name of this.referencesIn(value)) {
      const { type, properties } = this.get(name)!
      if (type === 'AWS::Lambda::Function' || type === 'AWS::Serverless::Function') return name
      if (type === 'AWS::Lambda::Alias' || type === 'AWS::Lambda::Version')
        return this.targetOf(properties['FunctionName'])
    }
    return undefined
  }

  /** Names of resources that a value refers to, by Ref, GetAtt or within Sub. */
  referencesIn(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap((item) => this.referencesIn(item))
    if (typeof value === 'string') {
      const names = [...value.matchAll(/\$\{(\w+)[.}]/g)].map(([, name]) => name!)
      return names.filter((name) => this.#all.has(name))
    }
    if (!isRecord(value)) return []
    return Object.entries(value).flatMap(([key, inner]) => {
      const name = key === 'Ref' ? String(inner) : key === 'Fn::GetAtt' ? attributeOf(inner)[0] : undefined
      if (name === undefined) return this.referencesIn(inner)
      return this.#all.has(name) ? [name] : []
    })
  }
}

/** Resource and attribute of a GetAtt, in either of its forms. */
export const attributeOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : String(value).split('.')
