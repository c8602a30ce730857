import type { Choices } from '../choices.ts'
import { extension } from './application.ts'

const runners = {
  vitest: "import { it } from 'vitest'\n",
  jest: '',
  node: "import { it } from 'node:test'\n",
}

/** `test/app.test.ts`: requests through the gateway, to the handler that Lambda calls. */
export function tests(choices: Choices): string {
  const runner = runners[choices.test]
  const stream = choices.streaming ? '.stream()' : ''
  return `${runner.includes('node:') ? runner : ''}import request from '@expressway/testing'
${runner.includes('node:') ? '' : runner}import { handler } from '../src/handler.${extension(choices)}'

const api = request(handler, { gateway: '${choices.gateway}' })

it('says hello', async () => {
  await api.get('/hello/ada')${stream}.expect(200, { message: 'Hello ada!' })
})

it('takes an order', async () => {
  await api.post('/orders')${stream}.send({ product: 'tea', quantity: 2 }).expect(201, { product: 'tea', quantity: 2 })
})

it('refuses what is not an order', async () => {
  await api.post('/orders')${stream}.send({ product: 'tea', quantity: 0 }).expect(400, /whole number/)
})

it('answers 404 for an unknown path', async () => {
  await api.get('/nothing')${stream}.expect(404).expectJsonPath('$.message', 'Not found')
})
${
  choices.streaming
    ? `
it('streams', async () => {
  await api.get('/count').stream().expectChunk('1\\n', 0).expectChunk('2\\n', 1).expect(200)
})
`
    : ''
}`
}

/** The configuration of a test runner that needs one. */
export function testConfiguration(choices: Choices): Record<string, string> {
  if (choices.test !== 'jest') return {}
  const parser = choices.language === 'typescript' ? ", { jsc: { parser: { syntax: 'typescript' } } }" : ''
  const transform = parser === '' ? "'@swc/jest'" : `['@swc/jest'${parser}]`
  return {
    'jest.config.js': `/** @type {import('jest').Config} */
export default { transform: { '\\\\.${extension(choices)}$': ${transform} } }
`,
  }
}
