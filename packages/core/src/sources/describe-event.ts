import { object, text } from '../identity.ts'

/**
 * What an event is, in words that complete "This is …".
 * @example describeEvent({ Records: [{ eventSource: 'aws:sqs' }] }) // 'an SQS event'
 */
export function describeEvent(event: unknown): string {
  const members = object(event)
  if (members === undefined) return `a value of type ${event === null ? 'null' : typeof event}`
  for (const [mark, name] of marks)
    if (Object.hasOwn(members, mark)) return typeof name === 'string' ? name : name(members)
  const { connectionId, eventType } = object(members.requestContext) ?? {}
  if (connectionId !== undefined || eventType !== undefined) return 'an API Gateway WebSocket event'
  const names = Object.keys(members).slice(0, 8)
  return names.length === 0 ? 'an empty event' : `an event with the members ${names.join(', ')}`
}

/** Whether the event only keeps the function warm: serverless-plugin-warmup, lambda-warmer, Bref. */
export function isWarmUp(event: unknown): boolean {
  const members = object(event)
  return members?.warmer === true || members?.source === 'serverless-plugin-warmup'
}

type Members = Readonly<Record<string, unknown>>

const records: Record<string, string> = {
  sqs: 'an SQS event',
  sns: 'an SNS event',
  s3: 'an S3 event',
  ses: 'an SES event',
  dynamodb: 'a DynamoDB stream event',
  kinesis: 'a Kinesis event',
  codecommit: 'a CodeCommit event',
}

// A member that only this kind of event has, first match wins; authorizers before the WebSocket events they look like.
const marks: readonly (readonly [member: string, name: string | ((event: Members) => string)])[] = [
  ['Records', ofRecords],
  ['methodArn', ({ type }) => `a Lambda authorizer request (${type === 'TOKEN' ? 'a token' : 'version 1.0'})`],
  ['routeArn', () => 'a Lambda authorizer request (version 2.0)'],
  [
    'detail-type',
    (event) => (event['detail-type'] === 'Scheduled Event' ? 'a scheduled event' : 'an EventBridge event'),
  ],
  ['warmer', 'a warm-up ping'],
  ['triggerSource', 'a Cognito trigger'],
  ['ResponseURL', 'a CloudFormation custom resource request'],
  ['awslogs', 'a CloudWatch Logs event'],
  ['rmqMessagesByQueue', 'an Amazon MQ event'],
  ['bootstrapServers', 'a Kafka event'],
  ['eventSource', (event) => (event.eventSource === 'aws:kafka' ? 'a Kafka event' : 'an Amazon MQ event')],
  ['apiPath', 'a Bedrock agent request'],
  ['actionGroup', 'a Bedrock agent request'],
  ['getObjectContext', 'an S3 Object Lambda request'],
  ['tasks', 'an S3 batch operation'],
  ['responsePayload', 'a Lambda destination event'],
  ['batchItemFailures', 'a batch response'],
  ['authorizationToken', 'an AppSync authorizer request'],
  ['selectionSetList', 'an AppSync resolver request'],
  ['info', 'an AppSync resolver request'],
  ['LifecycleHookName', 'an Auto Scaling event'],
  ['TaskToken', 'a Step Functions task'],
  ['Details', 'an Amazon Connect event'],
  ['source', (event) => (isWarmUp(event) ? 'a warm-up ping' : `an event from ${text(event.source) ?? 'a source'}`)],
]

function ofRecords({ Records }: Members): string {
  const first = object(Array.isArray(Records) ? Records[0] : undefined)
  if (first?.cf !== undefined) return 'a Lambda@Edge event'
  const source = text(first?.eventSource) ?? text(first?.EventSource)
  if (source === undefined) return 'an event with records'
  const service = source.replace('aws:', '')
  return (Object.hasOwn(records, service) && records[service]) || `an event from ${source}`
}
