import { ConflictError, createApp, NotFoundError } from '@expressway/core'
import { contract } from '@expressway/core/contract'
import * as z from 'zod'
import { brokenConstraint, type Database } from './database.ts'

/** Money is text in answers, and text or a number in requests. */
const Money = z
  .union([z.number(), z.string()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,18}(\.\d{1,2})?$/, 'is no amount with two decimals'))
const Id = z.coerce.number<string>().pipe(z.int32())

const NewAccount = z.object({ owner: z.email(), balance: Money.default('0') }).meta({ id: 'NewAccount' })
const Account = z.object({ id: z.int32(), owner: z.string(), balance: z.string() }).meta({ id: 'Account' })
const NewTransfer = z
  .object({ from: z.int32(), to: z.int32(), amount: Money })
  .refine(({ from, to }) => from !== to, 'goes from an account to itself')
  .meta({ id: 'NewTransfer' })
const Transfer = z
  .object({ id: z.int32(), from: z.int32(), to: z.int32(), amount: z.string() })
  .meta({ id: 'Transfer' })
const Problem = z.object({ statusCode: z.number(), message: z.string() }).meta({ id: 'Problem' })

type Account = z.infer<typeof Account>
type Transfer = z.infer<typeof Transfer>

export function createBank(database: Database) {
  // A number that a double cannot hold is read as its digits.
  const app = createApp({ json: { numbers: (digits) => digits } })

  app.post('/accounts', contract({ body: NewAccount, response: { 201: Account, 409: Problem } }), async (req) => {
    const { owner, balance } = req.valid.body
    try {
      const insert = 'insert into accounts (owner, balance) values ($1, $2) returning id, owner, balance'
      const { rows } = await database.query<Account>(insert, [owner, balance])
      return rows[0]!
    } catch (error) {
      if (brokenConstraint(error) !== 'one_account_per_owner') throw error
      throw new ConflictError(`${owner} has an account`)
    }
  })

  app.get(
    '/accounts',
    contract({
      query: z.object({ after: Id.default(0), limit: z.coerce.number<string>().int().min(1).max(100).default(20) }),
      response: z.object({ accounts: z.array(Account), next: z.int32().optional() }),
    }),
    async (req) => {
      const { after, limit } = req.valid.query
      const select = 'select id, owner, balance from accounts where id > $1 order by id limit $2'
      const { rows } = await database.query<Account>(select, [after, limit])
      return { accounts: rows, next: rows.length === limit ? rows.at(-1)?.id : undefined }
    },
  )

  app.get(
    '/accounts/:id',
    contract({ params: z.object({ id: Id }), response: { 200: Account, 404: Problem } }),
    async (req) => {
      const { id } = req.valid.params
      const { rows } = await database.query<Account>('select id, owner, balance from accounts where id = $1', [id])
      if (rows[0] === undefined) throw new NotFoundError(`There is no account ${id}`)
      return rows[0]
    },
  )

  app.post(
    '/transfers',
    contract({ body: NewTransfer, response: { 201: Transfer, 404: Problem, 409: Problem } }),
    async (req) => {
      const { from, to, amount } = req.valid.body
      try {
        return await database.transaction(async (tx) => {
          // In the order of ids, so that two transfers in opposite directions do not wait for each other.
          const lock = 'select id from accounts where id in ($1, $2) order by id for update'
          const locked = await tx.query(lock, [from, to])
          if (locked.rows.length < 2) throw new NotFoundError(`There is no account ${from}, or no account ${to}`)
          await tx.query('update accounts set balance = balance + $2 where id = $1', [to, amount])
          await tx.query('update accounts set balance = balance - $2 where id = $1', [from, amount])
          const insert = 'insert into transfers ("from", "to", amount) values ($1, $2, $3) returning *'
          return (await tx.query<Transfer>(insert, [from, to, amount])).rows[0]!
        })
      } catch (error) {
        if (brokenConstraint(error) !== 'never_overdrawn') throw error
        throw new ConflictError(`Account ${from} has less than ${amount}`)
      }
    },
  )

  return app
}
