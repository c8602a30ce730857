// An MCP server without sessions: each POST is a whole exchange, so that any instance of the function can answer it.
import { createHash, timingSafeEqual } from 'node:crypto'
import express from '@expressway/express-shim'
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import * as z from 'zod'
import { rateOf } from './rates.ts'

const text = (text: string) => ({ content: [{ type: 'text' as const, text }] })

function createServer(): McpServer {
  const server = new McpServer({ name: 'currencies', version: '1.0.0' })

  server.registerTool(
    'convert',
    {
      description: 'Converts an amount of money from one currency into another',
      inputSchema: { amount: z.number().positive(), from: z.string().length(3), to: z.string().length(3) },
    },
    async ({ amount, from, to }) => text(((amount / (await rateOf(from))) * (await rateOf(to))).toFixed(2)),
  )

  server.registerTool(
    'history',
    {
      description: 'Lists what a euro was in a currency, day by day, and reports its progress',
      inputSchema: { currency: z.string().length(3), days: z.number().int().min(1).max(30) },
    },
    async ({ currency, days }, { _meta, sendNotification }) => {
      const rates: number[] = []
      for (let daysAgo = 0; daysAgo < days; daysAgo++) {
        rates.push(await rateOf(currency, daysAgo))
        const progressToken = _meta?.progressToken
        if (progressToken === undefined) continue
        const params = { progressToken, progress: rates.length, total: days }
        await sendNotification({ method: 'notifications/progress', params })
      }
      return text(rates.map((rate) => rate.toFixed(4)).join('\n'))
    },
  )
  return server
}

const digest = (value: string) => createHash('sha256').update(value).digest()

/** Stands for the check of a JWT: its signature, issuer, audience, scopes and time. */
async function verifyAccessToken(token: string) {
  const { MCP_TOKEN } = process.env
  if (!MCP_TOKEN || !timingSafeEqual(digest(token), digest(MCP_TOKEN))) throw new InvalidTokenError('Unknown token')
  return { token, clientId: 'cli', scopes: [], expiresAt: Date.now() / 1000 + 60 }
}

export const app = express()

app.post('/mcp', requireBearerAuth({ verifier: { verifyAccessToken } }), express.json(), async (req, res) => {
  const server = createServer()
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined })
  res.on('close', () => void server.close())
  await server.connect(transport)
  await transport.handleRequest(req, res, req.body)
})

// GET would open a stream that outlives its request, and DELETE would end a session: there are neither.
app.all('/mcp', (_req, res) => res.status(405).set('Allow', 'POST').json({ error: 'Use POST' }))

export const handler = app.streamHandler
