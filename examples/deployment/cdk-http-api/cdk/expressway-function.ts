import { Duration } from 'aws-cdk-lib'
import { Architecture, Code, type FunctionProps, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/** The function of the bundle dist/handler.mjs. Properties of one's own come before these. */
export class ExpresswayFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, { environment, ...properties }: Partial<FunctionProps> = {}) {
    super(scope, id, {
      code: Code.fromAsset('dist'),
      handler: 'handler.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // Memory also sets the share of a CPU: 1,769 MB is one vCPU.
      memorySize: 512,
      // API Gateway waits for 29 seconds: the function ends before, with an error of its own.
      timeout: Duration.seconds(28),
      environment: { NODE_ENV: 'production', NODE_OPTIONS: '--enable-source-maps', ...environment },
      logGroup: new LogGroup(scope, `${id}Logs`, { retention: RetentionDays.ONE_MONTH }),
      ...properties,
    })
  }
}
