import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { properties } from '../../packages/testing/fuzz/properties.ts'

const read = (file: string): string => readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
const page = read('SECURITY.md')
const rows = [...page.matchAll(/^\| [^|]+ \| [^|]+ \| `([^`]+)`(?: in `([^`]+)`)? \|$/gm)]
const tests = rows.map(([, name, file = 'test/trust/threats.test.ts']) => ({ name: name!, file }))

it('every line of the table names a test that there is', () => {
  expect(tests.length).toBeGreaterThan(20)
  const names = properties.map(({ name }) => name).join('\n')
  const missing = tests.filter(({ name, file }) => !read(file).includes(name) && !names.includes(name))
  expect(missing).toEqual([])
})

it('every test of a threat is a line of the table', () => {
  const named = [...read('test/trust/threats.test.ts').matchAll(/^ {2}it\('([^']+)'/gm)].map(([, name]) => name!)
  expect(named.length).toBeGreaterThan(15)
  const measure = 'ReDoS: the measure tells a quadratic expression'
  expect(named.filter((name) => name !== measure && !tests.some((test) => test.name === name))).toEqual([])
})

it('names no person and no address', () => {
  expect(page).not.toMatch(/[\w.]+@[\w-]+\.\w+|mailto:/)
})

it('every test that the threat model names exists', () => {
  const named = [...read('docs/threat-model.md').matchAll(/`([^`]+)`\s+in\s+`([^`]+\.ts)`/g)]
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter(([, name, file]) => !read(file!).includes(name!)).map(([line]) => line)).toEqual([])
})
