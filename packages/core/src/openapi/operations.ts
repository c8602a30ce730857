import { responsesOf, schemaOf } from '../contract/answers.ts'
import type { Contract, ResponseSpec } from '../contract/definition.ts'
import { mediaTypes, schemasOf } from '../contract/parts.ts'
import { isSchema, type Schema } from '../contract/schema.ts'
import { Components } from './components.ts'
import type { MediaType, Operation, Parameter, PathItem, ResponseObject } from './document.ts'
import { type ConversionOptions, convertSchema, type Direction, type JsonSchema } from './json-schema.ts'
import { type DocumentPath, documentPaths, pathName } from './paths.ts'
import type { RouteInfo } from './routes.ts'

/** A route of one method and one template. */
interface Entry {
  readonly route: RouteInfo
  readonly method: string
  readonly path: DocumentPath
  /** `GET /todos/{list}`, for messages. */
  readonly name: string
  /** `GetTodosList`, for names in the document. */
  readonly id: string
}

/** A path item describes these methods; `trace` too, which no gateway passes on. */
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch']

/** What `all` stands for in a document: the methods that clients use. */
const everyMethod = ['get', 'put', 'post', 'delete', 'patch']

/** Gathers routes, and writes them as the paths of a document. */
export class Operations {
  readonly warnings: string[] = []
  readonly #options: ConversionOptions
  readonly #components = new Components()
  readonly #entries: Entry[] = []

  constructor(options: ConversionOptions) {
    this.#options = options
  }

  add(route: RouteInfo): void {
    const { path } = route
    if (typeof path !== 'string') {
      const name = `${route.method?.toUpperCase() ?? 'ALL'} ${path}`
      this.warnings.push(`${name}: a document cannot describe a regular expression; left out`)
      return
    }
    for (const method of route.method === undefined ? everyMethod : [route.method]) {
      if (!methods.includes(method)) {
        this.warnings.push(`${method.toUpperCase()} ${path}: OpenAPI has no such method; left out`)
        continue
      }
      for (const each of documentPaths(path)) this.#addEntry(route, method, each)
    }
  }

  #addEntry(route: RouteInfo, method: string, path: DocumentPath): void {
    const name = `${method.toUpperCase()} ${path.template}`
    const known = this.#entries.some((entry) => entry.method === method && entry.path.template === path.template)
    // The first route that is registered answers.
    if (known) this.warnings.push(`${name} is registered twice: the document describes the first`)
    else
      this.#entries.push({
        route,
        method,
        path,
        name,
        id: method[0]!.toUpperCase() + method.slice(1) + pathName(path.template),
      })
  }

  /** The paths, in the order of registration, and the named schemas that they use. */
  finish(): { paths: Record<string, PathItem>; schemas: Record<string, JsonSchema> } {
    // Requests come first: if a request and an answer have different schemas of one name, the answer's gets the longer name.
    const requests = this.#entries.map((entry) => this.#request(entry))
    const paths: Record<string, PathItem> = {}
    for (const [index, entry] of this.#entries.entries()) {
      const { method, path } = entry
      const item = (paths[path.template] ??= {})
      item[method] = { ...this.#about(entry), ...requests[index], responses: this.#responses(entry) }
    }
    return { paths, schemas: this.#components.schemas }
  }

  #about({ route: { contract = {} }, id }: Entry): Pick<Operation, 'operationId'> {
    const { summary, description, tags, deprecated, security, operationId } = contract
    const about = {
      summary,
      description,
      tags,
      operationId: operationId ?? id[0]!.toLowerCase() + id.slice(1),
      deprecated,
      security,
    }
    return present(about) as Pick<Operation, 'operationId'>
  }

  #request(entry: Entry): Pick<Operation, 'parameters' | 'requestBody'> {
    const { contract = {} } = entry.route
    const parameters = [
      ...this.#pathParameters(entry),
      ...this.#parameters(entry, 'query', contract.query),
      ...this.#parameters(entry, 'header', contract.headers),
      ...this.#parameters(entry, 'cookie', contract.cookies),
    ]
    const content = contract.body && this.#requestContent(entry, contract.body)
    return {
      ...(parameters.length > 0 && { parameters }),
      ...(content && { requestBody: { required: true, content } }),
    }
  }

  #requestContent(entry: Entry, body: NonNullable<Contract['body']>): Record<string, MediaType> {
    const content: Record<string, MediaType> = {}
    for (const [kind, schema] of Object.entries(schemasOf(body)) as [keyof typeof mediaTypes, Schema][]) {
      content[mediaTypes[kind]] = { schema: this.#convert(entry, schema, 'input', 'Body') }
    }
    return content
  }

  #pathParameters(entry: Entry): Parameter[] {
    const { contract } = entry.route
    const described = contract?.params ? this.#members(entry, 'path', contract.params) : new Map<string, Parameter>()
    const parameters = entry.path.parameters.map(({ name, wildcard }): Parameter => {
      const own = described.get(name)
      described.delete(name)
      const schema = wildcard ? { type: 'string' } : (own?.schema ?? { type: 'string' })
      const note = wildcard && { description: 'One or more segments of the path, with the slashes between them.' }
      return { ...own, ...note, name, in: 'path', required: true, schema, ...(wildcard && { 'x-wildcard': true }) }
    })
    for (const [name, { required }] of described) {
      // An optional parameter belongs to another way through the path's groups.
      if (required) throw new TypeError(`${entry.name}: params of its contract need ${name}, which is not in the path`)
    }
    return parameters
  }

  #parameters(entry: Entry, place: Parameter['in'], schema: Schema | undefined): Parameter[] {
    return schema ? [...this.#members(entry, place, schema).values()] : []
  }

  /** A parameter for each member of an object schema. */
  #members(entry: Entry, place: Parameter['in'], schema: Schema): Map<string, Parameter> {
    const converted = this.#resolve(this.#convert(entry, schema, 'input', partNames[place]))
    const { properties, required = [] } = converted as { properties?: Record<string, JsonSchema>; required?: string[] }
    if (properties === undefined) {
      this.warnings.push(`${entry.name}: the schema of ${place} parameters is not an object with members; left out`)
      return new Map()
    }
    return new Map(
      Object.entries(properties).map(([name, member]) => {
        const { description, deprecated, ...rest } = member
        const said = present({ description, deprecated })
        return [name, { name, in: place, required: required.includes(name), ...said, schema: rest } as Parameter]
      }),
    )
  }

  #resolve(schema: JsonSchema): JsonSchema {
    const { $ref } = schema as { $ref?: string }
    return $ref === undefined ? schema : (this.#components.schemas[$ref.slice($ref.lastIndexOf('/') + 1)] ?? schema)
  }

  #responses(entry: Entry): Record<string, ResponseObject> {
    const { contract } = entry.route
    const responses: Record<string, ResponseObject> = {}
    for (const [status, response] of Object.entries(
      contract?.response ? responsesOf(contract.response) : { 200: null },
    )) {
      responses[status] = this.#response(entry, status, response)
    }
    if (contract !== undefined && validates(contract) && responses[422] === undefined) responses[422] = invalidRequest
    return responses
  }

  #response(entry: Entry, status: string, response: Schema | ResponseSpec | null): ResponseObject {
    const spec: ResponseSpec = response === null || isSchema(response) ? {} : response
    const schema = schemaOf(response)
    const { description = phrases[status] ?? 'The answer', contentType = 'application/json', headers = {} } = spec
    const described = Object.entries(headers).map(([name, header]) => [
      name,
      {
        ...present({ description: header.description }),
        schema: header.schema ? this.#convert(entry, header.schema, 'output', `${status}${name}`) : { type: 'string' },
      },
    ])
    return {
      description,
      ...(described.length > 0 && { headers: Object.fromEntries(described) }),
      ...(schema && { content: { [contentType]: { schema: this.#convert(entry, schema, 'output', status) } } }),
    }
  }

  #convert(entry: Entry, schema: Schema, direction: Direction, part: string): JsonSchema {
    const { schema: converted, warning } = convertSchema(schema, direction, this.#options)
    const suffix = direction === 'output' ? `Response${part}` : part
    if (warning !== undefined) this.warnings.push(`${entry.name}: ${suffix}: ${warning}`)
    return this.#components.add(converted, direction, entry.id + suffix, entry.name)
  }
}

const partNames = { path: 'Params', query: 'Query', header: 'Headers', cookie: 'Cookies' } as const

const validates = ({ params, query, headers, cookies, body }: Contract): boolean =>
  [params, query, headers, cookies, body].some((part) => part !== undefined)

/** The answer of a request that a schema refuses, in both formats of errors. */
const invalidRequest: ResponseObject = {
  description: 'The request is not valid',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['statusCode', 'message', 'detail'],
        properties: {
          statusCode: { type: 'integer', const: 422 },
          message: { type: 'string' },
          detail: {
            type: 'array',
            items: {
              type: 'object',
              required: ['loc', 'message'],
              properties: {
                loc: { type: 'array', items: { type: ['string', 'integer'] } },
                message: { type: 'string' },
                type: { type: 'string' },
              },
            },
          },
        },
      },
    },
  },
}

/** Descriptions of answers that have none: RFC 9110's phrases. */
const phrases: Readonly<Record<string, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

/** The members that are there. */
const present = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
