// As much of SST's types as the files of the deployments use (https://github.com/anomalyco/sst, platform/src).
type Output<T> = { readonly output: T }
type Input<T> = T | Output<T>

interface FunctionArgs {
  bundle?: Input<string>
  handler: Input<string>
  runtime?: 'nodejs22.x' | 'nodejs24.x'
  architecture?: 'x86_64' | 'arm64'
  memory?: `${number} MB` | `${number} GB`
  timeout?: `${number} second${'' | 's'}` | `${number} minute${'' | 's'}`
  logging?: false | { retention?: '1 week' | '1 month' | 'forever' }
  environment?: Record<string, Input<string>>
  streaming?: boolean
  url?: boolean | { cors?: boolean; authorization?: 'none' | 'iam' }
}

interface AccessLog {
  retention?: '1 week' | '1 month' | 'forever'
}

interface IntegrationArgs {
  timeoutMilliseconds?: Input<number>
}

declare namespace sst.aws {
  // biome-ignore lint/suspicious/noShadowRestrictedNames: SST's own name
  class Function {
    constructor(name: string, args: FunctionArgs)
    readonly arn: Output<string>
    readonly name: Output<string>
    readonly url: Output<string>
  }
  class ApiGatewayV1 {
    constructor(
      name: string,
      args?: {
        endpoint?: { type: 'edge' | 'regional' | 'private' }
        accessLog?: AccessLog
        cors?: boolean
        transform?: { api?: { binaryMediaTypes?: string[] } }
      },
    )
    readonly url: Output<string>
    route(
      route: string,
      handler: Input<string>,
      args?: { streaming?: boolean; transform?: { integration?: IntegrationArgs } },
    ): void
    deploy(): void
  }
  class ApiGatewayV2 {
    constructor(name: string, args?: { accessLog?: AccessLog; cors?: boolean })
    readonly url: Output<string>
    route(route: string, handler: Input<string>): void
  }
}

declare namespace aws {
  namespace ec2 {
    class SecurityGroup {
      constructor(
        name: string,
        args: {
          description: string
          vpcId: Input<string>
          ingress: { protocol: string; fromPort: number; toPort: number; cidrBlocks: string[] }[]
        },
      )
      readonly id: Output<string>
    }
  }
  namespace lb {
    class LoadBalancer {
      constructor(name: string, args: { loadBalancerType: string; subnets: string[]; securityGroups: Input<string>[] })
      readonly arn: Output<string>
      readonly dnsName: Output<string>
    }
    class TargetGroup {
      constructor(name: string, args: { targetType: 'lambda'; lambdaMultiValueHeadersEnabled?: boolean })
      readonly arn: Output<string>
    }
    class TargetGroupAttachment {
      constructor(
        name: string,
        args: { targetGroupArn: Input<string>; targetId: Input<string> },
        options?: { dependsOn?: object[] },
      )
    }
    class Listener {
      constructor(
        name: string,
        args: {
          loadBalancerArn: Input<string>
          protocol: 'HTTP' | 'HTTPS'
          port: number
          sslPolicy?: string
          certificateArn?: string
          defaultActions: { type: 'forward'; targetGroupArn: Input<string> }[]
        },
      )
    }
  }
  namespace lambda {
    class Permission {
      constructor(
        name: string,
        args: { action: string; function: Input<string>; principal: string; sourceArn?: Input<string> },
      )
    }
  }
}

declare function $config(config: {
  app(input?: { stage?: string }): { name: string; home: 'aws'; removal?: 'remove' | 'retain' }
  run(): Promise<Record<string, unknown> | undefined>
}): object
