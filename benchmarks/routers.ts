// Every router behind one interface: routes with `:name` parameters and a wildcard at the end.
import { PathIndex } from '@expressway/core/router'
import findMyWay from 'find-my-way'
import { LinearRouter } from 'hono/router/linear-router'
import { PatternRouter } from 'hono/router/pattern-router'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'
import { match } from 'path-to-regexp'

export interface RouterUnderTest {
  add(path: string, id: number): void
  /** The id of the route that matches first. Parameters are made, in whatever form the router hands them out. */
  find(path: string): number | undefined
}

type HonoRouter = Pick<TrieRouter<number>, 'add' | 'match'>

function hono(router: HonoRouter): RouterUnderTest {
  return {
    add: (path, id) => router.add('GET', path.replace('*rest', '*'), id),
    find: (path) => router.match('GET', path)[0][0]?.[0],
  }
}

export const routers = {
  '@expressway/core': () => {
    const router = new PathIndex<number>()
    return {
      add: (path: string, id: number) => router.add(path, id, { key: 'GET' }),
      find: (path: string) => router.find('GET', path)?.value,
    }
  },
  'find-my-way': () => {
    const router = findMyWay()
    return {
      add: (path: string, id: number) => router.on('GET', path.replace('*rest', '*'), () => {}, { id }),
      find: (path: string) => (router.find('GET', path)?.store as { id: number } | undefined)?.id,
    }
  },
  'hono RegExpRouter': () => hono(new RegExpRouter<number>()),
  'hono TrieRouter': () => hono(new TrieRouter<number>()),
  'hono SmartRouter': () => hono(new SmartRouter<number>({ routers: [new RegExpRouter(), new TrieRouter()] })),
  'hono LinearRouter': () => hono(new LinearRouter<number>()),
  'hono PatternRouter': () => hono(new PatternRouter<number>()),
  'path-to-regexp, linear': () => {
    const routes: { matches: ReturnType<typeof match>; id: number }[] = []
    return {
      add: (path: string, id: number) => void routes.push({ matches: match(path), id }),
      find: (path: string) => routes.find(({ matches }) => matches(path))?.id,
    }
  },
} satisfies Record<string, () => RouterUnderTest>

export type RouterName = keyof typeof routers

export const routerNames = Object.keys(routers) as RouterName[]
