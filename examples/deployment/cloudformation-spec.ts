import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec'

/** A resource or a type of properties, as much of the specification as is used here. */
interface Definition {
  readonly properties: Properties
}
type Properties = Readonly<Record<string, Property>>
interface Property {
  readonly type: Type
  readonly required?: boolean
}
interface Type {
  readonly type: string
  readonly element?: Type
  readonly types?: readonly Type[]
  readonly allowedValues?: readonly (string | number)[]
  readonly reference?: { readonly $ref: string }
}

/** CloudFormation's resources, as AWS describes them to the CDK. */
const spec = loadAwsServiceSpecSync()

/**
 * What SAM has besides the properties in the specification, by type of resource or of event
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html).
 */
const sam: Readonly<Record<string, Properties>> = {
  'AWS::Serverless::Function': { LoggingConfig: { type: { type: 'json' } }, Events: { type: { type: 'json' } } },
  // The base paths of a domain are a list, which the specification has as a text.
  'AWS::Serverless::Api': { Domain: { type: { type: 'json' } } },
  'AWS::Serverless::HttpApi': { AccessLogSettings: { type: { type: 'json' } }, Domain: { type: { type: 'json' } } },
}
const samEvents: Readonly<Record<string, Properties>> = {
  Api: {
    Path: { type: { type: 'string' }, required: true },
    Method: { type: { type: 'string' }, required: true },
    RestApiId: { type: { type: 'string' } },
    ResponseTransferMode: { type: { type: 'string', allowedValues: ['BUFFERED', 'STREAM'] } },
    TimeoutInMillis: { type: { type: 'integer' } },
    Auth: { type: { type: 'json' } },
  },
  HttpApi: {
    Path: { type: { type: 'string' } },
    Method: { type: { type: 'string' } },
    ApiId: { type: { type: 'string' } },
    PayloadFormatVersion: { type: { type: 'string', allowedValues: ['1.0', '2.0'] } },
    TimeoutInMillis: { type: { type: 'integer' } },
    Auth: { type: { type: 'json' } },
  },
}

type Values = Readonly<Record<string, unknown>>
const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What CloudFormation would refuse in a template: unknown types and properties, missing ones, and wrong values. */
export function faultsOf(template: Values): string[] {
  const resources = Object.entries(template['Resources'] as Readonly<Record<string, Values>>)
  return resources.flatMap(([name, { Type, Properties = {} }]) => {
    const type = String(Type)
    if (type.startsWith('Custom::')) return []
    const [known] = spec.lookup('resource', 'cloudFormationType', 'equals', type) as unknown as readonly Definition[]
    if (known === undefined) return [`${name}: there is no resource type ${type}`]
    const events = type === 'AWS::Serverless::Function' ? eventFaults(name, Object(Properties).Events) : []
    return [...faultsIn(Properties, { ...known.properties, ...sam[type] }, name), ...events]
  })
}

const eventFaults = (name: string, events: Readonly<Record<string, Values>> = {}): string[] =>
  Object.entries(events).flatMap(([event, { Type, Properties = {} }]) => {
    const known = samEvents[String(Type)]
    if (known === undefined) return [`${name}.Events.${event}: there is no event type ${Type} in the table`]
    return faultsIn(Properties, known, `${name}.Events.${event}`)
  })

function faultsIn(value: unknown, properties: Properties, place: string): string[] {
  if (!isRecord(value)) return [`${place}: must be an object`]
  const missing = Object.entries(properties)
    .filter(([name, { required }]) => required && value[name] === undefined)
    .map(([name]) => `${place}: ${name} is missing`)
  const wrong = Object.entries(value).flatMap(([name, inner]) => {
    const property = properties[name]
    return property === undefined
      ? [`${place}: there is no property ${name}`]
      : valueFaults(inner, property.type, `${place}.${name}`)
  })
  return [...missing, ...wrong]
}

/** A function of CloudFormation, whose value is not known here. */
const isIntrinsic = (value: unknown): boolean =>
  isRecord(value) && Object.keys(value).length === 1 && /^(Ref|Condition|Fn::.+)$/.test(Object.keys(value)[0]!)

function valueFaults(value: unknown, type: Type, place: string): string[] {
  if (isIntrinsic(value)) return []
  const wanted = (what: string): string[] => [`${place}: must be ${what}, not ${JSON.stringify(value)}`]
  switch (type.type) {
    case 'string':
      if (!['string', 'number', 'boolean'].includes(typeof value)) return wanted('a text')
      if (type.allowedValues !== undefined && !type.allowedValues.includes(value as string))
        return wanted(`one of ${type.allowedValues.join(', ')}`)
      return []
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(String(value)) ? [] : wanted('a number')
    case 'boolean':
      return /^(true|false)$/.test(String(value)) ? [] : wanted('true or false')
    case 'array':
      if (!Array.isArray(value)) return wanted('a list')
      return value.flatMap((item, index) => valueFaults(item, type.element!, `${place}[${index}]`))
    case 'map':
      if (!isRecord(value)) return wanted('an object')
      return Object.entries(value).flatMap(([key, item]) => valueFaults(item, type.element!, `${place}.${key}`))
    case 'ref': {
      const definition = spec.get('typeDefinition', type.reference!.$ref) as unknown as Definition
      return faultsIn(value, definition.properties, place)
    }
    case 'union': {
      const all = type.types!.map((each) => valueFaults(value, each, place))
      return all.some((faults) => faults.length === 0) ? [] : all[0]!
    }
    default:
      return []
  }
}
