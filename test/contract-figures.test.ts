// What contracts add to a bundle: nothing to a function without one, little to one that has one.
import { join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { expect, it } from 'vitest'
import { hello } from './figures.ts'

async function bundle(contents: string): Promise<{ bytes: number; inputs: string[] }> {
  const { metafile } = await build({
    stdin: { contents, resolveDir: join(import.meta.dirname, '../examples') },
    outfile: 'handler.mjs',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.12',
  })
  const [output] = Object.values((metafile satisfies Metafile).outputs)
  return { bytes: output!.bytes, inputs: Object.keys(output!.inputs) }
}

/** Modules of contracts and documents, in either package. */
const isOfContracts = (input: string): boolean => /\/src\/(contract|openapi|api-page)[/.]/.test(input)

const schema = `import * as v from 'valibot'
const Greeting = v.object({ name: v.pipe(v.string(), v.minLength(1)), times: v.optional(v.number()) })`

it.each(['core', 'express-shim'])('%s: hello has no module of contracts', async (name) => {
  const { inputs } = await bundle(hello[name]!)
  expect(inputs.length).toBeGreaterThan(20)
  expect(inputs.filter(isOfContracts)).toEqual([])
})

it('core: a contract of Valibot costs at most 7.7 KB beside Valibot', async () => {
  const withContract = await bundle(`${schema}
import { createApp } from '@expressway/core'
import { contract } from '@expressway/core/contract'
const app = createApp()
app.post('/hello', contract({ body: Greeting }), (req) => ({ hello: req.valid.body.name }))
export const handler = app.handler`)
  const without = await bundle(`${schema}
import { createApp } from '@expressway/core'
const app = createApp()
app.post('/hello', (req) => ({ hello: v.parse(Greeting, req.json()).name }))
export const handler = app.handler`)
  expect(withContract.inputs.filter(isOfContracts)).not.toEqual([])
  expect(withContract.inputs.filter((input) => /\/src\/openapi/.test(input))).toEqual([])
  // Checks at registration take 2.2 KB of it, answers 1.5, problems and their masks 1.5, the parts of a request 2.2.
  expect(withContract.bytes - without.bytes).toBeLessThanOrEqual(7700)
})
