// One connection per execution environment, kept from one invocation to the next.
import { Pool, type PoolClient } from 'pg'
import type { Database, Queries } from './database.ts'

/** @param connectionString such as `postgres://user:password@host/database?sslmode=verify-full` */
export function postgres(connectionString: string | undefined): Database & { end(): Promise<void> } {
  const pool = new Pool({ connectionString, max: 1, idleTimeoutMillis: 0, connectionTimeoutMillis: 3000 })
  // The query that a connection breaks under reports that, and the pool drops the connection: no reason to end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  let usedAt = Number.POSITIVE_INFINITY

  /** The connection; another one if it broke while the environment was frozen, which only a query can tell. */
  async function connect(): Promise<PoolClient> {
    const client = await pool.connect()
    if (Date.now() - usedAt < 5000) return client
    try {
      await client.query('select 1')
      return client
    } catch {
      client.release(true)
      return pool.connect()
    }
  }

  async function connected<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await connect()
    try {
      return await work(client)
    } finally {
      usedAt = Date.now()
      client.release()
    }
  }

  return {
    query: (text, values) => connected((client: Queries) => client.query(text, values)),

    transaction: (work) =>
      connected(async (client) => {
        await client.query('begin')
        try {
          const result = await work(client)
          await client.query('commit')
          return result
        } catch (error) {
          // If the connection is broken, Postgres rolls back by itself.
          await client.query('rollback').catch(() => {})
          throw error
        }
      }),

    end: () => pool.end(),
  }
}
