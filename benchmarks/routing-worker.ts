// One router of one size, alone in its process: builds it, proves its answers, times it and prints what it took.
import { writeSync } from 'node:fs'
import { cpuTime, lowerQuartile } from './measure.ts'
import { type RouterName, routers } from './routers.ts'

export interface RoutingTask {
  readonly router: RouterName
  readonly size: number
}

export interface RoutingRun {
  /** Microseconds of CPU to add every route and to find the first, as some routers are built by that. */
  readonly build: number
  /** Nanoseconds of CPU of one lookup. */
  readonly lookup: number
  /** The same where nothing matches. */
  readonly miss: number
}

interface Lookup {
  readonly path: string
  readonly id: number | undefined
}

const { router: name, size }: RoutingTask = JSON.parse(process.argv[2]!)

const WARM_UP = 12
const SLICES = 5

// Four static routes in ten, five with two parameters, one with a wildcard.
function routePath(id: number): string {
  if (id % 10 < 4) return `/api/resource${id}/list`
  return id % 10 < 9 ? `/api/resource${id}/:id/items/:item` : `/files${id}/*rest`
}

const concrete = (id: number): string =>
  routePath(id).replace(':id', '42').replace(':item', 'abc').replace('*rest', 'images/logo.png')

// Spread over all routes by a multiplier that shares no factor with the sizes; one in ten finds nothing.
const lookups: Lookup[] = Array.from({ length: 1000 }, (_, index) => {
  const id = (index * 7919) % size
  return index % 10 === 9 ? { path: `/api/resource${id}/nothing/here`, id: undefined } : { path: concrete(id), id }
})
const began = cpuTime()
const router = routers[name]()
for (let id = 0; id < size; id++) router.add(routePath(id), id)
router.find(concrete(0))
const build = cpuTime() - began

const gateBegan = cpuTime()
for (const { path, id } of lookups) {
  if (router.find(path) !== id) throw new Error(`${name} finds ${router.find(path)} for ${path}, not ${id}`)
}
// A linear router takes half a second for a thousand lookups among 5,000 routes: fewer tell as much.
const sample = cpuTime() - gateBegan > 20_000 ? 100 : 1000

let found = 0

/** Nanoseconds of a lookup: the lower quartile of slices of some 12 ms. Paths are fresh strings, as those of an event are. */
function time(all: readonly Lookup[], slices: number): number {
  const paths = JSON.stringify(all.map(({ path }) => path))
  const times = Array.from({ length: slices }, () => {
    const until = performance.now() + 12
    let cpu = 0
    let passes = 0
    for (; passes === 0 || performance.now() < until; passes++) {
      const fresh: string[] = JSON.parse(paths)
      const from = cpuTime()
      for (const path of fresh) if (router.find(path) !== undefined) found++
      cpu += cpuTime() - from
    }
    return (cpu * 1000) / (passes * all.length)
  })
  return lowerQuartile(times)
}

const mixed = lookups.slice(0, sample)
const misses = lookups.filter(({ id }) => id === undefined).slice(0, sample)
time(mixed, WARM_UP)
time(misses, WARM_UP)
const run: RoutingRun = { build, lookup: time(mixed, SLICES), miss: time(misses, SLICES) }
if (found === 0) throw new Error('nothing was found')
writeSync(1, JSON.stringify(run))
