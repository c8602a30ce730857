import { openapi, routesOf } from '@expressway/core/openapi'
import request from '@expressway/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { app, openapiOptions } from './app.ts'

const { document, warnings } = openapi(app, openapiOptions)
const { routes } = routesOf(app)

/** A body for each resource. */
const bodies: Record<string, object> = {
  '/people/absences': { employee: 1, from: '2026-01-02', to: '2026-01-03' },
  '/people/employees': { name: 'Ada', team: 1 },
  '/people/openings': { title: 'Engineer', remote: true },
  '/people/teams': { name: 'Engines', lead: 1 },
  '/people/trainings': { title: 'First aid', seats: 12 },
  '/projects/documents': { title: 'Plan', link: 'https://example.com/plan' },
  '/projects/hours': { task: 1, spent: 1.5 },
  '/projects/milestones': { title: 'Start', due: '2026-01-02' },
  '/projects/projects': { title: 'Engine', customer: 1 },
  '/projects/tasks': { title: 'Write', state: 'open' },
  '/sales/campaigns': { title: 'Spring', starts: '2026-03-01' },
  '/sales/customers': { name: 'Ada', email: 'ada@example.com' },
  '/sales/invoices': { order: 1, total: '9.50' },
  '/sales/offers': { customer: 1, validUntil: '2026-01-02' },
  '/sales/orders': { customer: 1, items: ['tea'] },
  '/stock/deliveries': { supplier: 1, due: '2026-01-02' },
  '/stock/products': { sku: 'T1', title: 'Tea' },
  '/stock/returns': { order: 1, reason: 'cold' },
  '/stock/suppliers': { name: 'Grace', email: 'grace@example.com' },
  '/stock/warehouses': { city: 'London', capacity: 9 },
}

it.each(Object.entries(bodies))('all ten routes of %s answer', async (path, body) => {
  const client = request(app)
  const stored = { ...body, id: 1 }
  await client.post(path).send(body).expect(201, stored)
  await client.get(path).viaAll().expect(200, [stored])
  await client.get(`${path}/1`).expect(200, stored)
  await client.put(`${path}/1`).send(body).expect(200, stored)
  await client.patch(`${path}/1`).send({}).expect(200, stored)
  const comment = { id: 1, text: 'Good' }
  await client.post(`${path}/1/comments`).send({ text: 'Good' }).expect(201, comment)
  await client.get(`${path}/1/comments`).expect(200, [comment])
  await client.get(`${path}/1/comments/1`).viaAll().expect(200, comment)
  await client.delete(`${path}/1/comments/1`).expect(204)
  await client.delete(`${path}/1`).expect(204)
  await client.get(`${path}/1`).expect(404)
})

it('are 200 routes, each of them in the document with an id of its own', () => {
  expect(routes).toHaveLength(200)
  const paths = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>)
  const ids = paths.flatMap((operations) => Object.values(operations)).map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(200)
  expect(warnings).toEqual([])
})

it('refuses what the schema of one resource does not have', async () => {
  await request(app).post('/projects/tasks').send({ title: 'x', state: 'lost' }).expect(422)
  await request(app).get('/sales/orders/none').viaAll().expect(422)
  await request(app).put('/sales/orders').expect('allow', 'GET, HEAD, OPTIONS, POST').expect(405)
  await request(app).get('/sales/nothing').viaAll().expect(404)
})

it('has schemas that compile', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(document, 'document')
  const validate = ajv.getSchema('document#/components/schemas/Invoice')!
  expect(validate({ id: 1, order: 2, total: '9.50' })).toBe(true)
  expect(validate({ id: 1, order: 2, total: '9.5' })).toBe(false)
})
