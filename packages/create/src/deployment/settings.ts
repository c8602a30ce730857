import type { Deployment } from '../deployment.ts'

/** Versions of what the deployments need in package.json. */
export const versions = {
  '@cdktf/hcl2json': '^0.21.0',
  'aws-cdk': '^2.1148.1',
  'aws-cdk-lib': '^2.276.0',
  constructs: '^10.8.1',
  serverless: '^4.43.0',
  sst: '^4.17.1',
} as const

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
export const runtime = 'nodejs24.x'

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const memory = { megabytes: 512, why: 'Memory also sets the share of a CPU: 1,769 MB is one vCPU.' } as const

export const logRetentionDays = 30

/** Lambda does not set NODE_ENV. The bundle has its source map beside it. */
export const environment = { NODE_ENV: 'production', NODE_OPTIONS: '--enable-source-maps' } as const

/** The time-out of the function, in seconds, and its reason. */
export function timeout({ gateway, streaming }: Deployment): { seconds: number; why: string } {
  if (streaming)
    return { seconds: 300, why: 'A streamed answer may take longer than the 29 seconds of a buffered one.' }
  if (gateway === 'rest-api' || gateway === 'http-api')
    return { seconds: 28, why: 'API Gateway waits for 29 seconds: the function ends before, with an error of its own.' }
  return { seconds: 28, why: "Lambda's own is 3 seconds, which a cold start and a slow service may need." }
}

/** One line of JSON for each request (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html). */
export const accessLogFields = {
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  error: '$context.integration.error',
} as const

/** {@link accessLogFields} as YAML's folded text, whose lines are joined by spaces. */
export function foldedAccessLog(indent: number): string {
  const fields = Object.entries(accessLogFields).map(([name, value]) => `"${name}":"${value}"`)
  const lines = [fields.slice(0, 3), fields.slice(3, 6), fields.slice(6)].map((part) => part.join(','))
  return `>-\n${`{${lines.join(',\n')}}`.replace(/^/gm, ' '.repeat(indent))}`
}

/** The policy of the listener: TLS 1.2 and 1.3 (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html). */
export const tlsPolicy = 'ELBSecurityPolicy-TLS13-1-2-2021-06'

/**
 * The scripts that deploy a project by a template. What is deployed was built and checked just before. Node.js runs the
 * scripts itself, so that they work with every package manager.
 */
export function scripts(
  { language }: Deployment,
  template: string,
  deploy: string,
  prepare = '',
): Record<string, string> {
  const handler = `src/handler.${language === 'typescript' ? 'ts' : 'js'}`
  return {
    'deploy:check': `${prepare}expressway deploy-check ${template} --handler ${handler}`,
    deploy: `${build} && node --run deploy:check && ${deploy}`,
  }
}

export const build = 'node --run build'

/** `my-api` as `MyApi`. */
export const pascalCase = (text: string): string =>
  text.replace(/(?:^|[^a-zA-Z0-9])[^a-zA-Z0-9]*([a-zA-Z0-9]?)/g, (_, first: string) => first.toUpperCase())
