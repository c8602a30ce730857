import type { Request } from '@expressway/core'

export interface Tenant {
  readonly id: string
  readonly name: string
  readonly colour: string
  /** Domains that lead to this tenant's data. */
  readonly hosts: readonly string[]
  /** Origins of pages that may read its answers. */
  readonly origins: readonly string[]
}

/** Stands for the table of tenants. */
const tenants: readonly Tenant[] = [
  {
    id: 'blue',
    name: 'Blue Bakery',
    colour: '#0050a0',
    hosts: ['blue.example.com'],
    origins: ['https://blue-bakery.example'],
  },
  {
    id: 'red',
    name: 'Red Roastery',
    colour: '#a00000',
    hosts: ['red.example.com', 'api.red-roastery.example'],
    origins: ['https://red-roastery.example', 'https://admin.red-roastery.example'],
  },
]

const byHost = new Map(tenants.flatMap((tenant) => tenant.hosts.map((host) => [host, tenant])))

/**
 * The tenant of a request. `Host` is what the gateway chose this function by; `X-Forwarded-Host` and the like are the client's own
 * word, and are not read.
 */
export const tenantOf = (req: Request<object>): Tenant | undefined => byHost.get(req.host?.toLowerCase() ?? '')
