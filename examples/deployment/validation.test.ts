import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { checkDeployment } from '../../packages/cli/src/deploy-check/check.ts'
import { deployedBy } from '../../packages/cli/src/infrastructure/deployment.ts'
import { readTemplate, sentBy } from '../../packages/cli/src/infrastructure/template.ts'
import { parseText } from '../../packages/cli/src/yaml.ts'
import { faultsOf } from './cloudformation-spec.ts'
import { type Generated, generatedBy, listing } from './generated.ts'

const yaml = (text: string) => parseText(text, 'template') as Record<string, unknown>

const cwd = process.cwd()
let folder: string
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'expressway-deployment-')))
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/handler.mjs'), 'export const handler = async () => {}\n')
  // The CDK packs dist/ of the folder that it runs in, and writes into this folder.
  process.chdir(folder)
  vi.stubEnv('CDK_OUTDIR', join(folder, 'cdk.out'))
})
afterAll(() => {
  process.chdir(cwd)
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** What `expressway deploy-check` finds in a template of this deployment. */
async function findings({ deployment: { streaming } }: Generated, name: string, text: string) {
  const file = join(folder, name)
  writeFileSync(file, text)
  const template = await readTemplate(file)
  const { sent, target, warnings } = sentBy(template, undefined)
  expect(warnings).toEqual([])
  const module = { name: 'src/handler.ts', handlers: { handler: { streams: streaming } }, listing }
  // An application that does all that a gateway has a part in.
  const written = { cookies: 'src/app.ts:1', cors: 'src/app.ts:2' }
  return checkDeployment({
    kind: template.kind,
    deployed: deployedBy(template, target),
    sent,
    modules: [{ ...module, written }],
    handlerModule: { ...module, written },
    missingModule: undefined,
  })
}

describe('SAM', () => {
  it.each(generatedBy('sam'))('$name is valid, and lacks nothing', async (made) => {
    const text = made.files['template.yaml']!
    expect(faultsOf(yaml(text))).toEqual([])
    expect(await findings(made, 'template.yaml', text)).toEqual([])
  })

  const text = generatedBy('sam').find(({ name }) => name === 'sam-rest-api-streaming')!.files['template.yaml']!
  it.each([
    ['an unknown type', 'AWS::Logs::LogGroup', 'AWS::Logs::Group', 'FunctionLogs: there is no resource type AWS::Logs::Group'],
    ['an unknown property', 'MemorySize:', 'Memory:', 'Function: there is no property Memory'],
    ['a property that is unknown further in', 'Type: REGIONAL', 'Kind: REGIONAL', 'Api.EndpointConfiguration'],
    ['a property that is missing', /CloudWatchRoleArn: .*/, 'Tags: []', 'ApiGatewayAccount: there is no property Tags'],
    ['a required property that is missing', /StageName: prod/, 'Name: prod', 'Api: StageName is missing'],
    ['a wrong type', 'MemorySize: 512', 'MemorySize: much', 'Function.MemorySize: must be a number, not "much"'],
    ['no list', 'Architectures: [arm64]', 'Architectures: arm64', 'Function.Architectures: must be a list, not "arm64"'],
    ['an unknown event', 'Type: Api\n', 'Type: Rest\n', 'Function.Events.Root: there is no event type Rest in the table'],
    ['a wrong value of an event', 'ResponseTransferMode: STREAM', 'ResponseTransferMode: ON', 'must be one of BUFFERED, STREAM'],
  ])('the validator finds %s', (_name, right, wrong, fault) => {
    const faults = faultsOf(yaml(text.replace(right, wrong)))
    expect(faults.join('\n')).toContain(fault)
  })
})

describe('the CDK', () => {
  const stackOf = async ({ name }: Generated): Promise<Stack> => (await import(`./${name}/cdk/app.ts`)).stack

  it.each(generatedBy('cdk'))('$name synthesizes a valid template, and lacks nothing', async (made) => {
    const template = Template.fromStack(await stackOf(made)).toJSON()
    expect(faultsOf(template)).toEqual([])
    expect(await findings(made, 'Stack.template.json', JSON.stringify(template))).toEqual([])
  })

  const template = async (name: string) => Template.fromStack(await stackOf(generatedBy('cdk').find((each) => each.name === name)!))

  it('the function', async () => {
    const made = await template('cdk-http-api')
    made.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'handler.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Timeout: 28,
      Environment: { Variables: { NODE_ENV: 'production', NODE_OPTIONS: '--enable-source-maps' } },
      LoggingConfig: { LogGroup: Match.anyValue() },
    })
    made.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 })
  })

  it('a REST API streams, takes bytes, and writes JSON', async () => {
    const made = await template('cdk-rest-api-streaming')
    made.hasResourceProperties('AWS::ApiGateway::RestApi', { BinaryMediaTypes: ['*/*'] })
    made.allResourcesProperties('AWS::ApiGateway::Method', {
      Integration: { ResponseTransferMode: 'STREAM', TimeoutInMillis: 300_000 },
    })
    made.hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: { Format: Match.stringLikeRegexp('^\\{"requestId":') },
    })
  })

  it('an HTTP API sends events in format 2.0, and writes JSON', async () => {
    const made = await template('cdk-http-api')
    made.hasResourceProperties('AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '2.0' })
    made.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      AccessLogSettings: { Format: Match.stringLikeRegexp('^\\{"requestId":') },
    })
  })

  it('a function URL has both permissions', async () => {
    const made = await template('cdk-function-url-streaming')
    made.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' })
    made.hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunctionUrl', Principal: '*' })
    made.hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true })
  })

  it('a load balancer has a listener with a certificate, and multi-value headers', async () => {
    const made = await template('cdk-alb')
    made.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Protocol: 'HTTPS' })
    made.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetType: 'lambda',
      TargetGroupAttributes: [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
    })
  })
})
