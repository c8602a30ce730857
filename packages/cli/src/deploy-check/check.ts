import { joinListings, type Listing } from '../application/routes.ts'
import type { Deployed, DeployedFunction, DeployedGateway } from '../infrastructure/deployed.ts'
import { compareRoutes } from '../infrastructure/drift.ts'
import { everyPath, type Sent } from '../infrastructure/sent.ts'
import type { TemplateKind } from '../infrastructure/template.ts'
import type { Deed, ModuleFacts } from './application.ts'
import { type Finding, finding, type Rule } from './rules.ts'

/** A module and the name that the command line or the template gives it. */
export interface CheckedModule extends ModuleFacts {
  readonly name: string
}

/** What is known of a deployment. */
export interface Checked {
  readonly kind: TemplateKind
  readonly deployed: Deployed
  readonly sent: readonly Sent[]
  readonly modules: readonly CheckedModule[]
  /** The module that Lambda calls, if it is known. */
  readonly handlerModule: CheckedModule | undefined
  /** The module that the template names is not in its folder, which is there: the file that was looked for. */
  readonly missingModule: string | undefined
}

type Found = (rule: Rule, what: string, values?: Readonly<Record<string, string>>) => Finding

/** What a template forgets for an application, errors first. */
export function checkDeployment(checked: Checked): Finding[] {
  const found: Found = (rule, what, values) => finding(rule, checked.kind, what, values)
  const { deployed } = checked
  const findings = [
    ...handlerFindings(checked, found),
    ...(deployed.function === undefined ? [] : functionFindings(deployed.function, deployed.gateways, found)),
    ...deployed.gateways.flatMap((gateway) => gatewayFindings(gateway, checked, found)),
    ...routeFindings(checked, found),
  ]
  const order = ['error', 'warning', 'hint']
  return findings.sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity))
}

/** The export of `dist/handler.handler`. */
export const exportOfHandler = (handler = 'handler.handler'): string => {
  const file = handler.split('/').at(-1)!
  return file.slice(file.indexOf('.') + 1)
}

function handlerFindings({ deployed, handlerModule, missingModule }: Checked, found: Found): Finding[] {
  const handler = deployed.function?.handler
  if (missingModule !== undefined)
    return [found('handler-name', `the handler is ${handler}, and there is no ${missingModule}`)]
  if (handlerModule === undefined) return []
  const name = exportOfHandler(handler)
  if (handlerModule.handlers[name] !== undefined) return []
  const names = Object.keys(handlerModule.handlers).join(', ') || 'no function'
  const called =
    handler === undefined ? `no function ${name}` : `no function "${name}", which the handler ${handler} names`
  return [found('handler-name', `${handlerModule.name} exports ${called} (it exports ${names})`)]
}

function functionFindings(
  { name, runtime, timeoutSeconds, memoryMb, environment }: DeployedFunction,
  gateways: readonly DeployedGateway[],
  found: Found,
): Finding[] {
  const findings: Finding[] = []
  const version = /^nodejs(\d+)/.exec(runtime ?? '')?.[1]
  if (version !== undefined && Number(version) < 22) findings.push(found('runtime', `${name} runs on ${runtime}`))
  if (timeoutSeconds !== undefined && timeoutSeconds < 5)
    findings.push(found('short-time-out', `${name} has a time-out of ${timeoutSeconds} seconds`))
  if (memoryMb !== undefined && memoryMb < 256) findings.push(found('memory', `${name} has ${memoryMb} MB of memory`))
  for (const { limitSeconds, place } of gateways) {
    if (timeoutSeconds === undefined || limitSeconds === undefined || timeoutSeconds <= limitSeconds) continue
    const what = `${name} has a time-out of ${timeoutSeconds} seconds, and ${place} waits for ${limitSeconds}`
    findings.push(found('time-out', what))
  }
  if (environment !== undefined && !String(environment['NODE_OPTIONS'] ?? '').includes('--enable-source-maps'))
    findings.push(found('source-maps', `${name} has no NODE_OPTIONS with --enable-source-maps`))
  return findings
}

const gatewayNames = {
  'rest-api': 'REST API',
  'http-api': 'HTTP API',
  'function-url': 'function URL',
  alb: 'load balancer',
} as const

const principals = { 'rest-api': 'apigateway.amazonaws.com', 'http-api': 'apigateway.amazonaws.com' } as const

function gatewayFindings(gateway: DeployedGateway, checked: Checked, found: Found): Finding[] {
  const { kind, place, streams, binaryMediaTypes, payloadFormat, cors, multiValueHeaders, missingPermissions } = gateway
  const { deployed, handlerModule } = checked
  const its = `the ${gatewayNames[kind]} ${place}`
  const values = { function: deployed.function?.name ?? 'Function', gateway: kind }
  const findings: Finding[] = []
  const handlerStreams = handlerModule?.handlers[exportOfHandler(deployed.function?.handler)]?.streams
  // An HTTP API and a load balancer never stream: the same handler answers them whole.
  if (handlerStreams === true && streams === false && (kind === 'function-url' || kind === 'rest-api'))
    findings.push(found('streaming-gateway', `${handlerModule!.name} streams, and ${its} does not`, values))
  if (handlerStreams === false && streams === true)
    findings.push(found('buffered-handler', `${its} streams, and ${handlerModule!.name} does not`, values))
  if (missingPermissions.length > 0 && kind === 'function-url')
    findings.push(
      found('url-permission', `${its} is public, and nothing allows ${missingPermissions.join(' and ')}`, values),
    )
  else if (missingPermissions.length > 0) {
    const principal = kind in principals ? principals[kind as 'rest-api'] : 'elasticloadbalancing.amazonaws.com'
    findings.push(
      found('invoke-permission', `nothing allows ${principal} to invoke ${values.function}`, { ...values, principal }),
    )
  }
  if (binaryMediaTypes !== undefined && !binaryMediaTypes.includes('*/*') && streams !== true) {
    const has = binaryMediaTypes.length === 0 ? 'has no binary media types' : `has only ${binaryMediaTypes.join(', ')}`
    findings.push(found('binary-media-types', `${its} ${has}`))
  }
  if (payloadFormat === '1.0') findings.push(found('payload-format', `${its} sends events in format 1.0`))
  const written = (deed: Deed) => checked.modules.map((module) => module.written[deed]).find((at) => at !== undefined)
  if (cors && written('cors') !== undefined)
    findings.push(found('cors-twice', `${its} answers CORS, and so does the application (${written('cors')})`))
  if (multiValueHeaders === false && written('cookies') !== undefined) {
    const what = `${its} has no multi-value headers, and the application sets cookies (${written('cookies')})`
    findings.push(found('multi-value-headers', what))
  }
  return [...findings, ...basePathFindings(gateway, its, checked, found)]
}

function basePathFindings(
  { kind, basePaths = [] }: DeployedGateway,
  its: string,
  checked: Checked,
  found: Found,
): Finding[] {
  const sendsAll = checked.sent.some(({ path }) => path === everyPath)
  const strips = checked.modules.some(({ written }) => written.stripPrefixes !== undefined)
  if (kind !== 'http-api' || !sendsAll || strips) return []
  const routes = listingOf(checked)?.routes ?? []
  return basePaths
    .filter((path) => !routes.some((route) => route.path === path || route.path.startsWith(`${path}/`)))
    .map((path) => found('base-path', `${its} is at ${path} of a custom domain, and sends $default`, { path }))
}

function routeFindings(checked: Checked, found: Found): Finding[] {
  const listing = listingOf(checked)
  if (listing === undefined || checked.sent.length === 0) return []
  const { unsent, unknown } = compareRoutes(listing.routes, checked.sent, listing.mounts)
  const isRest = checked.deployed.gateways.some(({ kind }) => kind === 'rest-api')
  return [
    ...unsent.map(({ method, path }) => {
      const template = path.replace(/:(\w+)/g, '{$1}').replace(/\*(\w+)/g, '{$1+}')
      const event = template
        .replace(/\W+/g, ' ')
        .trim()
        .replace(/(?:^| )(\w)/g, (_, first: string) => first.toUpperCase())
      const values = { method: method === 'ALL' ? 'ANY' : method, path: template, event: event || 'Root' }
      return found('unsent-route', `${method} ${path} is not sent`, { ...values, type: isRest ? 'Api' : 'HttpApi' })
    }),
    ...unknown.map(({ method, path, place }) =>
      found('unknown-route', `${place} sends ${method} ${path}, which no route answers`),
    ),
  ]
}

/** The routes of all applications; undefined if there is none. */
function listingOf({ modules }: Checked): Listing | undefined {
  const listings = modules.flatMap(({ listing }) => listing ?? [])
  return listings.length === 0 ? undefined : joinListings(listings)
}
