import { figure, table } from './markdown.ts'
import { type RouterName, routerNames } from './routers.ts'
import { type RoutingRow, sizes } from './routing.ts'

export const findRouting = (rows: readonly RoutingRow[], router: RouterName, routes: number): RoutingRow | undefined =>
  rows.find((row) => row.router === router && row.routes === routes)

export function routingSection(rows: readonly RoutingRow[]): string {
  const body = routerNames.map((router) => [
    router,
    ...sizes.map((size) => {
      const row = findRouting(rows, router, size)
      return row && `${figure(row.lookup)} / ${figure(row.miss)} / ${figure(row.build / 1000)}`
    }),
  ])
  return [
    '## Routing',
    '',
    'ns of a lookup / ns of a lookup that finds nothing / ms to build, in a fresh process. Of the routes 40 % are static,',
    '50 % have two parameters, 10 % end in a wildcard; 10 % of the lookups find nothing. Every answer is checked first.',
    '',
    table(['router', ...sizes.map((size) => `${size.toLocaleString('en-US')} routes`)], body),
    '',
  ].join('\n')
}
