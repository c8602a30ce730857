import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import request from '@expressway/testing'
import dynalite from 'dynalite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { app } from './app.ts'

// DynamoDB in memory. The SDK reads these variables, so the application is loaded after they are set.
const server = dynalite({ createTableMs: 0 })
let target: typeof app

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${port}`)
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  vi.stubEnv('TABLE_NAME', 'orders')
  await new DynamoDBClient().send(
    new CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'customer', AttributeType: 'S' },
        { AttributeName: 'id', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'customer', KeyType: 'HASH' },
        { AttributeName: 'id', KeyType: 'RANGE' },
      ],
    }),
  )
  target = (await import('./app.ts')).app
})
afterAll(() => {
  server.close()
  vi.unstubAllEnvs()
})

const place = (path: string, quantity = 1) =>
  request(target)
    .put(path)
    .send({ items: [{ sku: 'tea', quantity }] })

it('places an order once, however often the client repeats the request', async () => {
  const order = { customer: 'ada', id: '1', status: 'open', items: [{ sku: 'tea', quantity: 1 }] }
  await place('/customers/ada/orders/1').expect(201, order)
  await place('/customers/ada/orders/1').expect(200, order)
  await request(target).get('/customers/ada/orders/1').viaAll().expect(200, order)
})

it('refuses another order of the same id', async () => {
  await place('/customers/ada/orders/2').expect(201)
  await place('/customers/ada/orders/2', 5).expect(409, {
    statusCode: 409,
    message: 'Order 2 exists, with other items',
  })
})

it('lets one of two orders win that arrive at the same time', async () => {
  const placed = await Promise.all([place('/customers/ada/orders/3', 1), place('/customers/ada/orders/3', 2)])
  expect(placed.map(({ status }) => status).sort()).toEqual([201, 409])
})

it('cancels an open order', async () => {
  await place('/customers/ada/orders/4').expect(201)
  const cancel = () => request(target).post('/customers/ada/orders/4/cancel')
  await cancel().expectJsonPath('$.status', 'cancelled').expect(200)
  await cancel().expect(409, { statusCode: 409, message: 'Order 4 is cancelled' })
})

it('answers 404 to an order that is not there, or is another customer’s', async () => {
  await request(target).get('/customers/ada/orders/nothing').viaAll().expect(404)
  await request(target).post('/customers/ada/orders/nothing/cancel').expect(404)
  await request(target).get('/customers/grace/orders/1').expect(404)
})

it('names what is wrong with an order, and stores none of it', async () => {
  const { body } = await request(target)
    .put('/customers/ada/orders/5')
    .send({ items: [{ sku: '', quantity: 0 }] })
    .expect(422)
  expect(body.detail).toMatchObject([{ loc: ['body', 'items', 0, 'sku'] }, { loc: ['body', 'items', 0, 'quantity'] }])
  await request(target).get('/customers/ada/orders/5').expect(404)
})

it('leads through all pages by their cursors', async () => {
  for (const id of ['a', 'b', 'c', 'd', 'e']) await place(`/customers/grace/orders/${id}`).expect(201)
  const pages: string[][] = []
  let next: string | undefined
  do {
    const { body } = await request(target)
      .get('/customers/grace/orders')
      .query({ limit: 2, ...(next && { cursor: next }) })
      .expect(200)
    pages.push(body.orders.map(({ id }: { id: string }) => id))
    next = body.next
  } while (next !== undefined)
  expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']])
})

it.each(['limit=0', 'limit=many', 'cursor=%7B'])('refuses ?%s', async (query) => {
  await request(target).get(`/customers/grace/orders?${query}`).viaAll().expect(422)
})
