// One client on one Express application, alone in its process: requests per second.
import { writeSync } from 'node:fs'
import type { Express } from '@expressway/express-shim'
import { median } from './measure.ts'
import { type ClientName, clients } from './testing-clients.ts'

export interface TestingTask {
  readonly client: ClientName
  readonly slices: number
  readonly milliseconds: number
}

export interface TestingRun {
  /** Requests of a second of wall time, one after another. */
  readonly perSecond: number
  /** CPU microseconds of a request. */
  readonly cpu: number
}

const task: TestingTask = JSON.parse(process.argv[2]!)

async function main(): Promise<void> {
  const get = await clients[task.client](application)
  const { status, body } = await get('/users/42')
  if (status !== 200 || JSON.stringify(body) !== '{"id":"42"}') {
    throw new Error(`${task.client} sees ${status} ${JSON.stringify(body)}`)
  }
  await slice(get)
  const runs: TestingRun[] = []
  for (let index = 0; index < task.slices; index++) runs.push(await slice(get))
  const run = { perSecond: median(runs.map((each) => each.perSecond)), cpu: median(runs.map(({ cpu }) => cpu)) }
  writeSync(1, JSON.stringify(run))
  process.exit()
}

/** The same application, on whatever express the client is for. */
function application(express: () => Express): Express {
  const app = express()
  app.get('/users/:id', (req, res) => {
    res.json({ id: req.params.id })
  })
  return app
}

async function slice(get: (path: string) => PromiseLike<unknown>): Promise<TestingRun> {
  const cpu = process.cpuUsage()
  const began = performance.now()
  let requests = 0
  for (; performance.now() - began < task.milliseconds; requests++) await get('/users/42')
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: (requests * 1000) / (performance.now() - began), cpu: (user + system) / requests }
}

main()
