import type { Choices } from '../choices.ts'
import type { Deployment } from '../deployment.ts'

/** The routes of {@link application}, in path-to-regexp's syntax. */
export const routesOf = ({ streaming }: Choices): Deployment['routes'] => [
  { method: 'GET', path: '/hello/:name' },
  { method: 'POST', path: '/orders' },
  ...(streaming ? [{ method: 'GET', path: '/count' }] : []),
]

/** `src/app.ts`: the routes. */
export const application = (choices: Choices): string => (choices.framework === 'core' ? core : express)(choices)

/** `src/handler.ts`: what Lambda calls. */
export const handler = (choices: Choices): string => `import { app } from './app.${extension(choices)}'

export const handler = app.${choices.streaming ? 'streamHandler' : 'handler'}
`

/** The extension of source files. */
export const extension = ({ language }: Choices): 'ts' | 'js' => (language === 'typescript' ? 'ts' : 'js')

function core({ language, streaming }: Choices): string {
  const typed = language === 'typescript'
  return `${timers(streaming)}import { BadRequestError, createApp, reply } from '@expressway/core'

export const app = createApp()

app.get('/hello/:name', (req) => ({ message: \`Hello \${req.params.name}!\` }))

app.post('/orders', (req) => {
  const order = toOrder(req.json())
  return reply({ status: 201, body: order })
})
${
  streaming
    ? `
app.get('/count', () => reply({ contentType: 'text/plain; charset=utf-8', body: count() }))

async function* count() {
  for (const number of [1, 2, 3]) {
    yield \`\${number}\\n\`
    await setTimeout(100)
  }
}
`
    : ''
}${typed ? order : ''}
/** @throws BadRequestError if the body is not an order */
function toOrder(body${typed ? ': unknown' : ''})${typed ? ': Order' : ''} {
  const { product, quantity } = Object(body)
  if (typeof product === 'string' && Number.isInteger(quantity) && quantity > 0) return { product, quantity }
  throw new BadRequestError('An order is {"product": "a text", "quantity": "a whole number from 1"}')
}
`
}

const timers = (used: boolean): string => (used ? "import { setTimeout } from 'node:timers/promises'\n" : '')

const order = `
interface Order {
  product: string
  quantity: number
}
`

function express({ language, streaming }: Choices): string {
  const typed = language === 'typescript'
  return `${timers(streaming)}import express${typed ? ', { type ErrorRequestHandler }' : ''} from '@expressway/express-shim'

export const app = express()

app.use(express.json())

app.get('/hello/:name', (req, res) => {
  res.json({ message: \`Hello \${req.params.name}!\` })
})

app.post('/orders', (req, res) => {
  const order = toOrder(req.body)
  if (order === undefined) {
    res.status(400).json({ message: 'An order is {"product": "a text", "quantity": "a whole number from 1"}' })
  } else {
    res.status(201).json(order)
  }
})
${
  streaming
    ? `
app.get('/count', async (_req, res) => {
  res.type('text')
  for (const number of [1, 2, 3]) {
    res.write(\`\${number}\\n\`)
    await setTimeout(100)
  }
  res.end()
})
`
    : ''
}
app.use((_req, res) => {
  res.status(404).json({ message: 'Not found' })
})

${
  typed
    ? 'const answerErrors: ErrorRequestHandler = (error, _req, res, next) => {'
    : 'app.use((error, _req, res, next) => {'
}
  if (res.headersSent) return next(error)
  if (!error.expose) console.error(error)
  res.status(error.status ?? 500).json({ message: error.expose ? error.message : 'Internal server error' })
${typed ? '}\n\napp.use(answerErrors)' : '})'}
${typed ? order : ''}
/** The order of a body, or undefined if it is not one. */
function toOrder(body${typed ? ': unknown' : ''})${typed ? ': Order | undefined' : ''} {
  const { product, quantity } = Object(body)
  if (typeof product === 'string' && Number.isInteger(quantity) && quantity > 0) return { product, quantity }
  return undefined
}
`
}
