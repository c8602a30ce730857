import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { AccessLogFormat, EndpointType, LambdaRestApi, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigateway'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { ExpresswayFunction } from './expressway-function.ts'

export const stack = new Stack(new App(), 'MyApi')

const app = new ExpresswayFunction(stack, 'Function')

const accessLogs = new LogGroup(stack, 'AccessLogs', { retention: RetentionDays.ONE_MONTH })

// Every path goes to the function.
const api = new LambdaRestApi(stack, 'Api', {
  handler: app,
  endpointTypes: [EndpointType.REGIONAL],
  // Without it API Gateway reads bytes as text, both ways.
  binaryMediaTypes: ['*/*'],
  // A REST API writes logs only if its account and Region have a role for it. Other stacks use it, too: it stays.
  cloudWatchRole: true,
  cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
  deployOptions: {
    accessLogDestination: new LogGroupLogDestination(accessLogs),
    accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
  },
})

new CfnOutput(stack, 'Url', { value: api.url })
