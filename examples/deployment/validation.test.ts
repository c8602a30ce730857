import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
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

interface Hcl {
  readonly resource: Record<string, Record<string, object[]>>
  readonly output: object
}
// Its types would bring those of the browser into all files.
const hcl2json: { parse(name: string, text: string): Promise<Hcl> } = createRequire(import.meta.url)('@cdktf/hcl2json')

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

  it.each(globSync('*/template.yaml', { cwd: join(import.meta.dirname, '..') }))(
    '%s of another example is valid',
    (file) => {
      expect(faultsOf(yaml(readFileSync(join(import.meta.dirname, '..', file), 'utf8')))).toEqual([])
    },
  )

  const text = generatedBy('sam').find(({ name }) => name === 'sam-rest-api-streaming')!.files['template.yaml']!
  it.each([
    [
      'an unknown type',
      'AWS::Logs::LogGroup',
      'AWS::Logs::Group',
      'FunctionLogs: there is no resource type AWS::Logs::Group',
    ],
    ['an unknown property', 'MemorySize:', 'Memory:', 'Function: there is no property Memory'],
    ['a property that is unknown further in', 'Type: REGIONAL', 'Kind: REGIONAL', 'Api.EndpointConfiguration'],
    ['a property that is missing', /CloudWatchRoleArn: .*/, 'Tags: []', 'ApiGatewayAccount: there is no property Tags'],
    ['a required property that is missing', /StageName: prod/, 'Name: prod', 'Api: StageName is missing'],
    ['a wrong type', 'MemorySize: 512', 'MemorySize: much', 'Function.MemorySize: must be a number, not "much"'],
    [
      'no list',
      'Architectures: [arm64]',
      'Architectures: arm64',
      'Function.Architectures: must be a list, not "arm64"',
    ],
    [
      'an unknown event',
      'Type: Api\n',
      'Type: Rest\n',
      'Function.Events.Root: there is no event type Rest in the table',
    ],
    [
      'a wrong value of an event',
      'ResponseTransferMode: STREAM',
      'ResponseTransferMode: ON',
      'must be one of BUFFERED, STREAM',
    ],
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

  const template = async (name: string) =>
    Template.fromStack(await stackOf(generatedBy('cdk').find((each) => each.name === name)!))

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
    made.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      InvokedViaFunctionUrl: true,
    })
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

// The Serverless Framework 4 needs an account. osls reads the same file, with the same schema and events.
describe('Serverless', () => {
  const osls = createRequire(import.meta.resolve('osls/package.json'))

  /** Packages the service of this folder: the schema is checked, and CloudFormation's template is made. */
  async function packaged(text: string): Promise<Record<string, unknown>> {
    const file = join(folder, 'serverless.yml')
    writeFileSync(file, text.replace(/\$\{param:(\w+)\}/g, '$1'))
    const configuration = await osls('./lib/configuration/read')(file)
    const serverless = new (osls('./lib/serverless'))({
      configuration,
      serviceDir: folder,
      configurationFilename: 'serverless.yml',
      commands: ['package'],
      options: { stage: 'dev', region: 'eu-central-1' },
      variablesMeta: new Map(),
    })
    await serverless.init()
    await serverless.run()
    return JSON.parse(JSON.stringify(serverless.service.provider.compiledCloudFormationTemplate))
  }

  it.each(generatedBy('serverless'))('$name makes a valid template, and lacks nothing', async (made) => {
    const text = made.files['serverless.yml']!
    const template = await packaged(text)
    expect(faultsOf(template)).toEqual([])
    expect(await findings(made, 'serverless.yml', text)).toEqual([])
    // What the framework makes of it lacks nothing, either: permissions, for example.
    expect(await findings(made, 'packaged.json', JSON.stringify(template))).toEqual([])
  })

  it('a fault is refused', async () => {
    const text = generatedBy('serverless')[0]!.files['serverless.yml']!
    await expect(packaged(text.replace('memorySize: 512', 'memorySize: much'))).rejects.toThrow(/provider\.memorySize/)
    await expect(packaged(text.replace('method: ANY', 'verb: ANY'))).rejects.toThrow(/functions\.app\.events\.0\.http/)
  })
})

// The schema of the provider is not available without Terraform's registry: its arguments are not checked here.
describe('Terraform', () => {
  it.each(generatedBy('terraform'))('$name parses, and lacks nothing', async (made) => {
    const file = join('terraform', made.name, 'main.tf')
    mkdirSync(join(folder, 'terraform', made.name), { recursive: true })
    expect(await findings(made, file, made.files['main.tf']!)).toEqual([])
    const { resource, output } = await hcl2json.parse('main.tf', made.files['main.tf']!)
    expect(resource['aws_lambda_function']!['app']![0]).toMatchObject({
      architectures: ['arm64'],
      handler: 'handler.handler',
      runtime: 'nodejs24.x',
      memory_size: 512,
      timeout: made.deployment.streaming ? 300 : 28,
      environment: [{ variables: { NODE_OPTIONS: '--enable-source-maps' } }],
    })
    expect(resource['aws_cloudwatch_log_group']!['app']![0]).toMatchObject({ retention_in_days: 30 })
    expect(Object.keys(resource)).toEqual(expect.arrayContaining(resources[made.deployment.gateway]))
    expect(Object.keys(output)).toHaveLength(1)
  })

  const resources = {
    'rest-api': [
      'aws_api_gateway_rest_api',
      'aws_api_gateway_stage',
      'aws_api_gateway_account',
      'aws_lambda_permission',
    ],
    'http-api': ['aws_apigatewayv2_api', 'aws_apigatewayv2_route', 'aws_apigatewayv2_stage', 'aws_lambda_permission'],
    'function-url': ['aws_lambda_function_url', 'aws_lambda_permission'],
    alb: [
      'aws_lb',
      'aws_lb_listener',
      'aws_lb_target_group',
      'aws_lb_target_group_attachment',
      'aws_lambda_permission',
    ],
  }
})

// SST's types come with its binary: these are the parts of them that the files use, after SST's sources.
describe('SST', () => {
  it('the files have the right types', () => {
    const project = join(folder, 'sst')
    for (const { name, files } of generatedBy('sst')) {
      mkdirSync(join(project, name, '.sst/platform'), { recursive: true })
      writeFileSync(join(project, name, 'sst.config.ts'), files['sst.config.ts']!)
      writeFileSync(join(project, name, '.sst/platform/config.d.ts'), '/// <reference path="../../../sst.d.ts" />\n')
    }
    writeFileSync(
      join(project, 'wrong.ts'),
      "new sst.aws.Function('App', { handler: 'handler.handler', memory: 512 })\n",
    )
    copyFileSync(join(import.meta.dirname, 'sst.d.ts'), join(project, 'sst.d.ts'))
    const options = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: 'es2023',
      module: 'nodenext',
      types: ['node'],
    }
    const typeRoots = [join(cwd, 'node_modules/@types')]
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...options, typeRoots }, include: ['**/*.ts', '*/.sst'] }),
    )
    const { stdout } = spawnSync(join(cwd, 'node_modules/.bin/tsc'), ['-p', project], { encoding: 'utf8' })
    // Only the planted fault is one.
    expect(
      stdout
        .trim()
        .split('\n')
        .filter((line) => line.includes('error')),
    ).toEqual([expect.stringMatching(/^.*wrong\.ts\(1,59\): error TS2322/)])
  })
})

describe('zip', () => {
  it.each(generatedBy('zip').filter(({ files }) => 'api.json' in files))(
    '$name: its document lacks nothing',
    async (made) => {
      expect(await findings(made, 'api.json', made.files['api.json']!)).toEqual([])
    },
  )

  /** Runs deploy.sh with an AWS CLI that writes its arguments down and answers as if nothing existed. */
  function deploy({ name, files }: Generated): string[] {
    const project = join(folder, name)
    const log = join(project, 'log')
    mkdirSync(join(project, 'bin'), { recursive: true })
    mkdirSync(join(project, 'dist'))
    for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text)
    const program = (file: string, text: string) =>
      writeFileSync(join(project, 'bin', file), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
    program(
      'aws',
      `printf '%s|' "$@" >> '${log}'; echo >> '${log}'; case "$2" in get-role|get-function|get-function-url-config) exit 1;; describe-load-balancers) grep -q create-load-balancer '${log}';; get-rest-apis|get-apis) echo None;; *) echo "$2-answer";; esac`,
    )
    program('zip', 'exit 0')
    program('sleep', 'exit 0')
    const env = {
      PATH: `${join(project, 'bin')}:/usr/bin:/bin`,
      TMPDIR: folder,
      AWS_REGION: 'eu-central-1',
      VPC_ID: 'vpc-1',
      SUBNET_IDS: 'subnet-1 subnet-2',
      CERTIFICATE_ARN: 'arn:certificate',
    }
    const { status, stderr } = spawnSync('sh', ['deploy.sh'], { cwd: project, env, encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    return readFileSync(log, 'utf8').trim().split('\n')
  }

  it.each(generatedBy('zip'))('$name runs', (made) => {
    const commands = deploy(made)
    const command = (start: string) => commands.find((line) => line.startsWith(start)) ?? ''
    expect(command('lambda|create-function|')).toContain(
      `|--handler|handler.handler|--runtime|nodejs24.x|--memory-size|512|--timeout|${made.deployment.streaming ? 300 : 28}|--environment|Variables={NODE_ENV=production,NODE_OPTIONS=--enable-source-maps}|`,
    )
    expect(command('logs|put-retention-policy|')).toContain('|--retention-in-days|30|')
    const permissions = commands.filter((line) => line.startsWith('lambda|add-permission|'))
    const { gateway, streaming } = made.deployment
    if (gateway === 'function-url') {
      expect(permissions).toEqual([
        expect.stringContaining('|lambda:InvokeFunctionUrl|--principal|*|--function-url-auth-type|NONE|'),
        expect.stringContaining('|lambda:InvokeFunction|--principal|*|--invoked-via-function-url|'),
      ])
      const mode = streaming ? 'RESPONSE_STREAM' : 'BUFFERED'
      expect(command('lambda|create-function-url-config|')).toContain(`|--invoke-mode|${mode}|`)
    } else expect(permissions).toHaveLength(1)
    if (gateway === 'rest-api') expect(command('apigateway|update-stage|')).toContain('|--patch-operations|file://')
    if (gateway === 'http-api')
      expect(command('apigatewayv2|create-stage|')).toContain('Format=\'{"requestId":"$context.requestId"')
    if (gateway === 'alb') {
      expect(command('elbv2|modify-target-group-attributes|')).toContain(
        'Key=lambda.multi_value_headers.enabled,Value=true',
      )
      expect(command('elbv2|create-load-balancer|')).toContain('|--subnets|subnet-1|subnet-2|')
    }
  })
})
