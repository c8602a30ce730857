import type { Deployment, DeploymentFiles } from '../deployment.ts'
import { environment, memory, pascalCase, scripts, timeout, versions } from './settings.ts'

/** AWS CDK 2: an application of one stack, and a construct of the function for stacks of one's own. */
export function cdk(deployment: Deployment): DeploymentFiles {
  const extension = deployment.language === 'typescript' ? 'ts' : 'js'
  // Node.js runs TypeScript by itself from 22.18 on, and with the option before.
  const node = extension === 'ts' ? 'node --experimental-strip-types' : 'node'
  const stack = `cdk/app.${extension}`
  return {
    files: {
      'cdk.json': `${JSON.stringify({ app: `${node} ${stack}` }, null, 2)}\n`,
      [stack]: app(deployment, extension),
      [`cdk/expressway-function.${extension}`]: construct(deployment, extension),
    },
    scripts: scripts(
      deployment,
      `cdk.out/${pascalCase(deployment.name)}.template.json`,
      'cdk deploy --app cdk.out',
      'cdk synth --quiet && ',
    ),
    devDependencies: {
      'aws-cdk': versions['aws-cdk'],
      'aws-cdk-lib': versions['aws-cdk-lib'],
      constructs: versions.constructs,
    },
  }
}

type Extension = 'ts' | 'js'

function app(deployment: Deployment, extension: Extension): string {
  const gateway = gateways[deployment.gateway](deployment)
  const imports = [['aws-cdk-lib', ['App', 'CfnOutput', 'Stack', ...(gateway.core ?? [])]] as const, ...gateway.imports]
  const lines = imports.map(([module, names]) => importLine([...names].sort(), module))
  return `${lines.join('\n')}
import { ExpresswayFunction } from './expressway-function.${extension}'

export const stack = new Stack(new App(), '${pascalCase(deployment.name)}')

const app = new ExpresswayFunction(stack, 'Function')

${gateway.code}`
}

/** An import within 120 columns. */
function importLine(names: readonly string[], module: string): string {
  const line = `import { ${names.join(', ')} } from '${module}'`
  return line.length <= 120 ? line : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from '${module}'`
}

interface Gateway {
  readonly core?: readonly string[]
  readonly imports: readonly (readonly [module: string, names: readonly string[]])[]
  readonly code: string
}

const gateways: Record<Deployment['gateway'], (deployment: Deployment) => Gateway> = {
  'rest-api': (deployment) => ({
    core: ['RemovalPolicy', ...(deployment.streaming ? ['Duration'] : [])],
    imports: [
      [
        'aws-cdk-lib/aws-apigateway',
        [
          'AccessLogFormat',
          'EndpointType',
          'LambdaRestApi',
          'LogGroupLogDestination',
          ...(deployment.streaming ? ['ResponseTransferMode'] : []),
        ],
      ],
      ['aws-cdk-lib/aws-logs', ['LogGroup', 'RetentionDays']],
    ],
    code: `const accessLogs = new LogGroup(stack, 'AccessLogs', { retention: RetentionDays.ONE_MONTH })

// Every path goes to the function.
const api = new LambdaRestApi(stack, 'Api', {
  handler: app,
  endpointTypes: [EndpointType.REGIONAL],
  // Without it API Gateway reads bytes as text, both ways.
  binaryMediaTypes: ['*/*'],
${
  deployment.streaming
    ? `  integrationOptions: {
    responseTransferMode: ResponseTransferMode.STREAM,
    timeout: Duration.seconds(${timeout(deployment).seconds}),
  },
`
    : ''
}  // A REST API writes logs only if its account and Region have a role for it. Other stacks use it, too: it stays.
  cloudWatchRole: true,
  cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
  deployOptions: {
    accessLogDestination: new LogGroupLogDestination(accessLogs),
    accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
  },
})

new CfnOutput(stack, 'Url', { value: api.url })
`,
  }),
  'http-api': () => ({
    imports: [
      ['aws-cdk-lib/aws-apigateway', ['AccessLogFormat']],
      ['aws-cdk-lib/aws-apigatewayv2', ['HttpApi', 'HttpStage', 'LogGroupLogDestination', 'PayloadFormatVersion']],
      ['aws-cdk-lib/aws-apigatewayv2-integrations', ['HttpLambdaIntegration']],
      ['aws-cdk-lib/aws-logs', ['LogGroup', 'RetentionDays']],
    ],
    code: `const accessLogs = new LogGroup(stack, 'AccessLogs', { retention: RetentionDays.ONE_MONTH })

// Every path goes to the function.
const api = new HttpApi(stack, 'Api', {
  createDefaultStage: false,
  defaultIntegration: new HttpLambdaIntegration('Integration', app, {
    payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
  }),
})

const stage = new HttpStage(stack, 'Stage', {
  httpApi: api,
  autoDeploy: true,
  accessLogSettings: {
    destination: new LogGroupLogDestination(accessLogs),
    format: AccessLogFormat.jsonWithStandardFields(),
  },
})

new CfnOutput(stack, 'Url', { value: stage.url })
`,
  }),
  'function-url': ({ streaming }) => ({
    imports: [['aws-cdk-lib/aws-lambda', ['FunctionUrlAuthType', 'InvokeMode']]],
    code: `// The CDK adds both permissions that a public URL needs.
const url = app.addFunctionUrl({
  authType: FunctionUrlAuthType.NONE,
  invokeMode: InvokeMode.${streaming ? 'RESPONSE_STREAM' : 'BUFFERED'},
})

new CfnOutput(stack, 'Url', { value: url.url })
`,
  }),
  alb: () => ({
    core: ['CfnParameter'],
    imports: [
      ['aws-cdk-lib/aws-ec2', ['Vpc']],
      [
        'aws-cdk-lib/aws-elasticloadbalancingv2',
        ['ApplicationLoadBalancer', 'ApplicationTargetGroup', 'ListenerCertificate', 'SslPolicy', 'TargetType'],
      ],
      ['aws-cdk-lib/aws-elasticloadbalancingv2-targets', ['LambdaTarget']],
    ],
    code: `const certificate = new CfnParameter(stack, 'CertificateArn', {
  description: "The certificate of the load balancer's name",
})

// A VPC of its own. Vpc.fromLookup() takes one that is there.
const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 })

const loadBalancer = new ApplicationLoadBalancer(stack, 'LoadBalancer', { vpc, internetFacing: true })

const targetGroup = new ApplicationTargetGroup(stack, 'TargetGroup', {
  targetType: TargetType.LAMBDA,
  targets: [new LambdaTarget(app)],
  // Without it an answer has one cookie, and a request has the last of several equal headers.
  multiValueHeadersEnabled: true,
})

loadBalancer.addListener('Listener', {
  port: 443,
  certificates: [ListenerCertificate.fromArn(certificate.valueAsString)],
  sslPolicy: SslPolicy.RECOMMENDED_TLS,
  defaultTargetGroups: [targetGroup],
})

// The DNS record of the certificate's name points to it.
new CfnOutput(stack, 'LoadBalancerName', { value: loadBalancer.loadBalancerDnsName })
`,
  }),
}

function construct(deployment: Deployment, extension: Extension): string {
  const { seconds, why } = timeout(deployment)
  const variables = Object.entries(environment).map(([name, value]) => `${name}: '${value}'`)
  const typed = extension === 'ts'
  const lambda = [
    'Architecture',
    'Code',
    ...(typed ? ['type FunctionProps'] : []),
    'Function as LambdaFunction',
    'Runtime',
  ]
  const types = typed ? "import type { Construct } from 'constructs'\n" : ''
  return `import { Duration } from 'aws-cdk-lib'
import { ${lambda.join(', ')} } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
${types}
/** The function of the bundle dist/handler.mjs. Properties of one's own come before these. */
export class ExpresswayFunction extends LambdaFunction {
  constructor(scope${typed ? ': Construct' : ''}, id${typed ? ': string' : ''}, { environment, ...properties }${typed ? ': Partial<FunctionProps>' : ''} = {}) {
    super(scope, id, {
      code: Code.fromAsset('dist'),
      handler: 'handler.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // ${memory.why}
      memorySize: ${memory.megabytes},
      // ${why}
      timeout: Duration.seconds(${seconds}),
      environment: { ${variables.join(', ')}, ...environment },
      logGroup: new LogGroup(scope, \`\${id}Logs\`, { retention: RetentionDays.ONE_MONTH }),
      ...properties,
    })
  }
}
`
}
