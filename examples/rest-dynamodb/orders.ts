// The orders of each customer: one partition per customer, sorted by id.
import { isDeepStrictEqual } from 'node:util'
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { ConflictError, NotFoundError } from '@expressway/core'
import * as z from 'zod'

export const NewOrder = z
  .object({ items: z.array(z.object({ sku: z.string().min(1), quantity: z.number().int().positive() })).min(1) })
  .meta({ id: 'NewOrder' })
export const Order = NewOrder.extend({
  customer: z.string(),
  id: z.string(),
  status: z.enum(['open', 'cancelled']),
}).meta({ id: 'Order' })

type Order = z.infer<typeof Order>
type Key = Pick<Order, 'customer' | 'id'>

// One client per execution environment. Region, credentials and endpoint come from the environment, as the table's name does.
const client = DynamoDBDocumentClient.from(new DynamoDBClient())
const TableName = process.env.TABLE_NAME

export async function findOrder(Key: Key): Promise<Order> {
  // Consistent: a client reads what it has written.
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))
  if (Item === undefined) throw new NotFoundError(`There is no order ${Key.id}`)
  return Item as Order
}

/** The client chooses the id, so it may repeat the request after a time-out: the same order again changes nothing. */
export async function placeOrder(order: Order): Promise<{ order: Order; created: boolean }> {
  try {
    const ConditionExpression = 'attribute_not_exists(id)'
    await client.send(new PutCommand({ TableName, Item: order, ConditionExpression }))
    return { order, created: true }
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error
  }
  const earlier = await findOrder({ customer: order.customer, id: order.id })
  if (!isDeepStrictEqual(earlier.items, order.items))
    throw new ConflictError(`Order ${order.id} exists, with other items`)
  return { order: earlier, created: false }
}

export async function cancelOrder(Key: Key): Promise<Order> {
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'SET #status = :cancelled',
        ConditionExpression: '#status = :open',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':open': 'open', ':cancelled': 'cancelled' },
        ReturnValues: 'ALL_NEW',
      }),
    )
    return Attributes as Order
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error
    const { id, status } = await findOrder(Key)
    throw new ConflictError(`Order ${id} is ${status}`)
  }
}

/** One page. `after` is the id that the page before ended with. */
export async function listOrders(customer: string, limit: number, after?: string) {
  const { Items, LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'customer = :customer',
      ExpressionAttributeValues: { ':customer': customer },
      Limit: limit,
      ExclusiveStartKey: after === undefined ? undefined : { customer, id: after },
    }),
  )
  return { orders: Items as Order[], last: LastEvaluatedKey?.['id'] as string | undefined }
}
