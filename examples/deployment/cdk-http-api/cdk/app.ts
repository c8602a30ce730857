import { App, CfnOutput, Stack } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, HttpStage, LogGroupLogDestination, PayloadFormatVersion } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { ExpresswayFunction } from './expressway-function.ts'

export const stack = new Stack(new App(), 'MyApi')

const app = new ExpresswayFunction(stack, 'Function')

const accessLogs = new LogGroup(stack, 'AccessLogs', { retention: RetentionDays.ONE_MONTH })

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
