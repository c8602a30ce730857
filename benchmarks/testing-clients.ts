// Every client of the comparison behind one function: a path in, status and parsed body out.
import type { Express } from '@expressway/express-shim'

interface Answer {
  readonly status: number
  readonly body: unknown
}

type Get = (path: string) => PromiseLike<Answer>
type Application = (express: () => Express) => Express

// Imported by who uses it, as each runs in a process of its own.
const realExpress = async () => (await import('./untyped/express.js')).default
const shim = async () => (await import('@expressway/express-shim')).default
const listener = async () => (await import('@expressway/express-shim/listener')).toLambdaHandler
const ours = async () => (await import('@expressway/testing')).default

export const clients = {
  '@expressway/testing, shim': async (application: Application): Promise<Get> => {
    const request = await ours()
    const app = application(await shim())
    return (path) => request(app.handler).get(path)
  },
  '@expressway/testing, Express on our listener': async (application: Application): Promise<Get> => {
    const request = await ours()
    const handler = (await listener())(application(await realExpress()))
    return (path) => request(handler).get(path)
  },
  '@expressway/testing, Express by HTTP': async (application: Application): Promise<Get> => {
    const request = await ours()
    const app = application(await realExpress())
    return (path) => request(app).get(path)
  },
  'light-my-request, Express': async (application: Application): Promise<Get> => {
    const { inject } = await import('light-my-request')
    const app = application(await realExpress())
    return async (url) => {
      const response = await inject(app as never, { method: 'GET', url })
      return { status: response.statusCode, body: response.json() }
    }
  },
  'supertest, Express': async (application: Application): Promise<Get> => {
    const { default: request } = await import('./untyped/supertest.js')
    const app = application(await realExpress())
    return (path) => request(app).get(path)
  },
} satisfies Record<string, (application: Application) => Promise<Get>>

export type ClientName = keyof typeof clients

export const clientNames = Object.keys(clients) as ClientName[]
