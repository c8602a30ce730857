// What the types of contracts cost the compiler: counts of TypeScript's own, which do not depend on the machine.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '..')

const route = (at: number): string => `  .post(
    '/items${at}/:id',
    contract({
      body: z.object({ title${at}: z.string(), count: z.number().optional() }),
      response: { 201: z.object({ id: z.string() }), 404: z.object({ reason: z.string() }) },
    }),
    (req) => ({ id: req.params.id + req.valid.body.title${at} }),
  )`

/** An application of so many chained contracts, each of another body, and a client's use of the last. */
const application = (routes: number): string => `import { createApp } from '@expressway/core'
import { contract, type PathsOf } from '@expressway/core/contract'
import { z } from 'zod'
export const app = createApp()
${Array.from({ length: routes }, (_, at) => route(at)).join('\n')}
type Paths = PathsOf<typeof app>
export type Last = Paths['/items${routes - 1}/{id}']['post']['requestBody']['content']['application/json']['title${routes - 1}']
export const last: Last = 'typed'
// @ts-expect-error: it is a text
export const wrong: Last = 1
`

/** How often the compiler filled in type parameters. */
function instantiations(routes: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'expressway-types-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  symlinkSync(join(root, 'examples/node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'app.ts'), application(routes))
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { noEmit: true, typeRoots: [join(root, 'node_modules/@types')] },
      files: ['app.ts'],
    }),
  )
  const tsc = join(root, 'node_modules/.bin/tsc')
  const said = execFileSync(tsc, ['-p', folder, '--extendedDiagnostics'], { encoding: 'utf8' })
  return Number(/^Instantiations:\s+(\d+)/m.exec(said)![1])
}

it('300 chained contracts: at most 2,600 instantiations for each', () => {
  const [one, many] = [instantiations(1), instantiations(300)]
  expect((many - one) / 299).toBeLessThan(2600)
  expect(one).toBeLessThan(50_000)
}, 120_000)
