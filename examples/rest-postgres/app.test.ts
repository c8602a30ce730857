import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import request from '@expressway/testing'
import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createBank } from './app.ts'
import { postgres } from './postgres.ts'

// Postgres itself, compiled to WebAssembly, in this process.
const pglite = await PGlite.create()
await pglite.exec(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'))
const bank = createBank(pglite)

beforeEach(() => pglite.exec('truncate accounts, transfers restart identity'))
afterEach(() => vi.restoreAllMocks())
afterAll(() => pglite.close())

const open = (owner: string, balance?: unknown, app = bank) => request(app).post('/accounts').send({ owner, balance })
const transfer = (body: object, app = bank) => request(app).post('/transfers').send(body)
const balances = async (app = bank): Promise<string[]> => {
  const { body } = await request(app).get('/accounts').expect(200)
  return body.accounts.map(({ balance }: { balance: string }) => balance)
}

describe('accounts', () => {
  it('are opened, and read on every event source', async () => {
    await open('ada@example.com').expect(201, { id: 1, owner: 'ada@example.com', balance: '0.00' })
    await request(bank).get('/accounts/1').viaAll().expect(200, { id: 1, owner: 'ada@example.com', balance: '0.00' })
  })

  it('are one for each owner', async () => {
    await open('ada@example.com').expect(201)
    await open('ada@example.com').expect(409, { statusCode: 409, message: 'ada@example.com has an account' })
  })

  it('are listed page by page', async () => {
    for (const name of ['ada', 'bob', 'eve']) await open(`${name}@example.com`).expect(201)
    const first = await request(bank).get('/accounts?limit=2').expectJsonPath('$.accounts[1].id', 2).expect(200)
    await request(bank)
      .get(`/accounts?limit=2&after=${first.body.next}`)
      .expect(200, { accounts: [{ id: 3, owner: 'eve@example.com', balance: '0.00' }] })
  })

  it.each([
    ['/accounts/7', 404],
    ['/accounts/x', 422],
    ['/accounts/99999999999', 422],
  ])('%s is answered by %i', async (path, status) => {
    await request(bank).get(path).viaAll().expect(status)
  })

  it('are no way to write SQL', async () => {
    await open(`x'); drop table accounts; --@example.com`).expect(422)
    await open(`o'brien@example.com`).expect(201)
    expect(await balances()).toEqual(['0.00'])
  })
})

describe('amounts', () => {
  // As text: JavaScript itself would round the number.
  it.each([
    ['12345678901234567.89', '12345678901234567.89'],
    ['"12345678901234567.89"', '12345678901234567.89'],
    ['0.1', '0.10'],
    ['12', '12.00'],
  ])('%s is %s', async (sent, balance) => {
    const { body } = await request(bank)
      .post('/accounts')
      .type('json')
      .send(`{"owner":"ada@example.com","balance":${sent}}`)
      .expect(201)
    expect(body.balance).toBe(balance)
  })

  it.each([-1, 1.234, 1e21, 'ten', null])('are not %j', async (amount) => {
    await open('ada@example.com', amount).expect(422)
  })
})

describe('transfers', () => {
  beforeEach(async () => {
    await open('ada@example.com', '12345678901234567.89').expect(201)
    await open('bob@example.com', 0.1).expect(201)
  })

  it('move money exactly', async () => {
    await transfer({ from: 1, to: 2, amount: 0.2 }).expect(201, { id: 1, from: 1, to: 2, amount: '0.20' })
    expect(await balances()).toEqual(['12345678901234567.69', '0.30'])
  })

  it('change nothing if there is too little', async () => {
    await transfer({ from: 2, to: 1, amount: 0.2 }).expect(409, {
      statusCode: 409,
      message: 'Account 2 has less than 0.2',
    })
    expect(await balances()).toEqual(['12345678901234567.89', '0.10'])
  })

  it('need two accounts', async () => {
    await transfer({ from: 1, to: 9, amount: 1 }).expect(404)
    await transfer({ from: 1, to: 1, amount: 1 }).expect(422)
  })
})

describe('through pg', () => {
  const sockets: Socket[] = []
  // PGlite speaks Postgres's protocol: a server of it takes a few lines.
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('data', async (message) => {
      server.emit('statement')
      if (!socket.destroyed) socket.write(await pglite.execProtocolRaw(message))
    })
  })
  let database: ReturnType<typeof postgres>
  let app: typeof bank

  beforeEach(async () => {
    sockets.length = 0
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    database = postgres(`postgres://postgres@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`)
    app = createBank(database)
    await open('ada@example.com', '10', app).expect(201)
    await open('bob@example.com', '5', app).expect(201)
    return async () => {
      await database.end()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('answers the same, over one connection', async () => {
    await open('ada@example.com', '1', app).expect(409)
    await transfer({ from: 1, to: 2, amount: 2.5 }, app).expect(201)
    await transfer({ from: 1, to: 2, amount: 8 }, app).expect(409)
    expect(await balances(app)).toEqual(['7.50', '7.50'])
    expect(sockets).toHaveLength(1)
  })

  it('replaces a connection that broke while the environment was frozen', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    vi.advanceTimersByTime(60_000)
    sockets[0]!.destroy()
    await transfer({ from: 1, to: 2, amount: 1 }, app).expect(201)
    expect(await balances(app)).toEqual(['9.00', '6.00'])
    expect(sockets).toHaveLength(2)
  })

  it('fails one request if a connection breaks under it', async () => {
    server.once('statement', () => sockets[0]!.destroy())
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    await request(app).get('/accounts').expect(500)
    expect(log).toHaveBeenCalledOnce()
    expect(await balances(app)).toEqual(['10.00', '5.00'])
  })
})
