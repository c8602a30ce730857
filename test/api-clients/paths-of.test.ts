import type { PathsOf } from '@expressway/core/contract'
import { fetchOf } from '@expressway/testing'
import { gatewayNames } from '@expressway/testing/gateway'
import createClient from 'openapi-fetch'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { app } from './app.ts'

type Paths = PathsOf<typeof app>

describe.each(gatewayNames)('openapi-fetch with the type of an application, by %s', (gateway) => {
  const client = createClient<Paths>({ baseUrl: 'https://api.example.com', fetch: fetchOf(app, { gateway }) })

  it('sends and gets what the contracts say', async () => {
    const found = await client.GET('/todos/{list}', {
      params: { path: { list: 'home' }, query: { limit: 2, tag: ['a', 'b'] }, header: { 'x-tenant': 'blue' } },
    })
    expectTypeOf(found.data!.todos[0]!.tags).toEqualTypeOf<string[]>()
    // These keep the last of several values.
    const tags = gateway === 'alb' || gateway === 'vpc-lattice-v1' ? ['b'] : ['a', 'b']
    expect(found.data).toEqual({ tenant: 'blue', todos: [todo(tags), todo(tags)] })

    const added = await client.POST('/todos/{list}', {
      params: { path: { list: 'home' } },
      body: { title: 'Read', due: '2026-12-01' },
    })
    expectTypeOf(added.data!.id).toEqualTypeOf<string>()
    expect(added.data).toEqual({ id: 'home-2', title: 'Read', tags: [], due: '2026-12-01' })

    const removed = await client.DELETE('/todos/{list}/{id}', { params: { path: { list: 'home', id: '7' } } })
    expect([removed.response.status, removed.data]).toEqual([204, undefined])
  })

  it('gets the errors that the contracts declare', async () => {
    const { data, error, response } = await client.GET('/todos/{list}', { params: { path: { list: 'none' } } })
    expectTypeOf(error!.reason).toEqualTypeOf<'unknown' | 'full'>()
    expect([data, error, response.status]).toEqual([undefined, { reason: 'unknown' }, 404])
  })
})

const todo = (tags: string[]) => ({ id: 'home-1', title: 'Buy milk', tags })

// Types alone: nothing of it runs.
export const wrong = (): void => {
  const client = createClient<Paths>()
  // @ts-expect-error no route has this path
  client.GET('/lists/{list}', { params: { path: { list: 'home' } } })
  // @ts-expect-error the path has no route of this method
  client.PUT('/todos/{list}', { params: { path: { list: 'home' } } })
  // @ts-expect-error a parameter of the path is missing
  client.GET('/todos/{list}', { params: { path: {} } })
  // @ts-expect-error the parameters are missing
  client.GET('/todos/{list}')
  // @ts-expect-error a list of tags
  client.GET('/todos/{list}', { params: { path: { list: 'home' }, query: { tag: 'a' } } })
  // @ts-expect-error no such parameter
  client.GET('/todos/{list}', { params: { path: { list: 'home' }, query: { word: 'a' } } })
  // @ts-expect-error the body is missing
  client.POST('/todos/{list}', { params: { path: { list: 'home' } } })
  // @ts-expect-error the title is missing
  client.POST('/todos/{list}', { params: { path: { list: 'home' } }, body: { tags: [] } })
  // @ts-expect-error the title is a text
  client.POST('/todos/{list}', { params: { path: { list: 'home' } }, body: { title: 1 } })
  // @ts-expect-error no body is taken
  client.DELETE('/todos/{list}/{id}', { params: { path: { list: 'home', id: '7' } }, body: {} })
}
