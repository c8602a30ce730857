import { App, CfnOutput, Stack } from 'aws-cdk-lib'
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda'
import { ExpresswayFunction } from './expressway-function.ts'

export const stack = new Stack(new App(), 'MyApi')

const app = new ExpresswayFunction(stack, 'Function')

// The CDK adds both permissions that a public URL needs.
const url = app.addFunctionUrl({
  authType: FunctionUrlAuthType.NONE,
  invokeMode: InvokeMode.RESPONSE_STREAM,
})

new CfnOutput(stack, 'Url', { value: url.url })
