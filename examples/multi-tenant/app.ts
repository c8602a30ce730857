// One function for many tenants: the host decides whose data, colours and origins.
import { createApp, HttpError, type Middleware, type Request } from '@expressway/core'
import { contract } from '@expressway/core/contract'
import * as z from 'zod'
import { type Tenant, tenantOf } from './tenants.ts'

const knownHost: Middleware = (req, _res, next) => {
  // RFC 9110, section 15.5.20: this host has no answers here.
  if (tenantOf(req) === undefined) throw new HttpError(421, 'No tenant has this host')
  return next()
}

/** The tenant, after `knownHost`. */
const tenant = (req: Request<object>): Tenant => tenantOf(req)!

export const app = createApp({
  // A mapping of API Gateway's domain is known by the event; a load balancer passes the path as it came.
  stripPrefixes: ['/shop'],
  cors: { allowOrigin: (origin, req) => tenantOf(req)?.origins.includes(origin) ?? false, allowCredentials: true },
  hooks: {
    // Counted for each tenant by the metric filter of the template.
    onResponse: ({ req, route, status, durationMs }) =>
      console.info({ tenant: tenantOf(req)?.id ?? 'unknown', method: req.method, route, status, durationMs }),
  },
})

app.use(knownHost)

app.get('/', (req) => {
  const { name, colour } = tenant(req)
  return [200, 'text/html', `<!doctype html><title>${name}</title><h1 style="color: ${colour}">${name}</h1>`]
})

const orders = new Map<string, string[]>()
const ordersOf = ({ id }: Tenant): string[] => orders.get(id) ?? []

app.get('/orders', (req) => ordersOf(tenant(req)))

const Order = z.object({ item: z.string().min(1) })
app.post('/orders', contract({ body: Order, response: { 201: z.array(z.string()) } }), (req) => {
  const all = [...ordersOf(tenant(req)), req.valid.body.item]
  orders.set(tenant(req).id, all)
  return all
})

export const handler = app.handler
