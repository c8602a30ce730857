// Where a call's time goes: node profile.ts CONTENDER SCENARIO [SOURCE]
// Runs from source, whose lines type stripping leaves where they are.
import { type Profiler, Session } from 'node:inspector/promises'
import type { Contender, LambdaHandler } from './contender.ts'
import { assertAnswer } from './gate.ts'
import { context, eventOf, type SourceName, scenarios } from './scenarios.ts'

const ROWS = 25
const [name = 'core', scenarioName = 'hello', source = 'http-api'] = process.argv.slice(2)

/** Calls for so long, with fresh events; gives their number. */
async function run(handler: LambdaHandler, event: string, milliseconds: number): Promise<number> {
  const until = performance.now() + milliseconds
  let calls = 0
  for (; performance.now() < until; calls += 128) {
    const events: unknown[] = Array.from({ length: 128 }, () => JSON.parse(event))
    for (const each of events) await handler(each, context)
  }
  return calls
}

/** Microseconds that each function took itself, by name and place. */
function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): [string, number][] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const times = new Map<string, number>()
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = frames.get(id)!
    const place = `${functionName || '(anonymous)'} ${url.replace(/.*\/(?=packages\/|benchmarks\/|node_modules\/)/, '')}:${lineNumber + 1}`
    times.set(place, (times.get(place) ?? 0) + timeDeltas[index]!)
  })
  return [...times].sort(([, a], [, b]) => b - a)
}

async function main(): Promise<void> {
  const scenario = scenarios.find((each) => each.name === scenarioName)
  if (!scenario)
    throw new Error(`There is no scenario "${scenarioName}": ${scenarios.map((each) => each.name).join(', ')}`)
  const { contender } = (await import(`./contenders/${name}.ts`)) as { contender: Contender }
  const handler = await contender[scenario.app]!(scenario.routes ?? 0)
  const event = eventOf(source as SourceName, scenario)
  assertAnswer(await handler(JSON.parse(event), context), scenario.expected)
  await run(handler, event, 1000)
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 50 })
  await session.post('Profiler.start')
  const calls = await run(handler, event, 2500)
  const { profile } = await session.post('Profiler.stop')
  console.log(`${name}, ${scenarioName}, ${source}: µs of a call by function itself; run() is the parsing of events`)
  for (const [place, time] of selfTimes(profile).slice(0, ROWS))
    console.log((time / calls).toFixed(3).padStart(8), place)
}

await main()
