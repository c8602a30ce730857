import { type Members, object, text } from './members.ts'

/**
 * What an event is, in words that complete "This is …".
 * @example describeEvent({ Records: [{ eventSource: 'aws:sqs' }] }) // 'an SQS event'
 */
export function describeEvent(event: unknown): string {
  const members = object(event)
  if (members === undefined) return `a value of type ${event === null ? 'null' : typeof event}`
  if (isWarmUp(members)) return 'a warm-up ping'
  const first = object(Array.isArray(members.Records) ? members.Records[0] : undefined)
  if (first?.cf !== undefined) return 'a Lambda@Edge event'
  const source = text(first?.eventSource) ?? text(first?.EventSource) ?? text(members.eventSource)
  const name = source ? memberOf(services, source) : nameOf(members)
  if (name !== undefined) return name
  return source ? `an event from ${source}` : `an event with the members ${Object.keys(members).slice(0, 8).join(', ')}`
}

/** Whether the event only keeps the function warm: serverless-plugin-warmup, lambda-warmer, Bref. */
export function isWarmUp(event: unknown): boolean {
  const members = object(event)
  return members?.warmer === true || members?.source === 'serverless-plugin-warmup'
}

function nameOf(members: Members): string | undefined {
  if (members['detail-type'] === 'Scheduled Event') return 'a scheduled event'
  const { connectionId, eventType } = object(members.requestContext) ?? {}
  const mark = Object.keys(marks).find((member) => Object.hasOwn(members, member))
  return memberOf(marks, mark) ?? (connectionId || eventType ? 'an API Gateway WebSocket event' : undefined)
}

const services: Readonly<Record<string, string>> = {
  'aws:sqs': 'an SQS event',
  'aws:sns': 'an SNS event',
  'aws:s3': 'an S3 event',
  'aws:ses': 'an SES event',
  'aws:dynamodb': 'a DynamoDB stream event',
  'aws:kinesis': 'a Kinesis event',
  'aws:codecommit': 'a CodeCommit event',
  'aws:mq': 'an Amazon MQ event',
  'aws:rmq': 'an Amazon MQ event',
  'aws:kafka': 'a Kafka event',
  'aws:SelfManagedKafka': 'a Kafka event',
}

// Members that only one kind of event has. Authorizers come before the WebSocket events that they look like.
const marks: Readonly<Record<string, string>> = {
  methodArn: 'a Lambda authorizer request',
  routeArn: 'a Lambda authorizer request',
  'detail-type': 'an EventBridge event',
  triggerSource: 'a Cognito trigger',
  ResponseURL: 'a CloudFormation custom resource request',
  awslogs: 'a CloudWatch Logs event',
  apiPath: 'a Bedrock agent request',
  getObjectContext: 'an S3 Object Lambda request',
  tasks: 'an S3 batch operation',
  responsePayload: 'a Lambda destination event',
  authorizationToken: 'an AppSync authorizer request',
  info: 'an AppSync resolver request',
  TaskToken: 'a Step Functions task',
  Details: 'an Amazon Connect event',
}

const memberOf = (table: Readonly<Record<string, string>>, name: string | undefined): string | undefined =>
  name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined
