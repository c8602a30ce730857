import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLocalServer, type LocalServer } from '../src/server.ts'
import { curl, until } from './server-support.ts'

/** As `serverless-offline/handler.mjs`: answers with the event that it got. */
const handler = async (event: unknown) => ({ statusCode: 200, body: JSON.stringify(event) })

let ours: LocalServer
let theirs: string
let end = () => {}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

beforeAll(async () => {
  ours = await createLocalServer(handler)
  const [httpPort, lambdaPort] = [await freePort(), await freePort()]
  const program = join(import.meta.dirname, 'serverless-offline/serve.mjs')
  const child = spawn(process.execPath, [program, String(httpPort), String(lambdaPort)], { cwd: import.meta.dirname })
  end = () => void child.kill('SIGKILL')
  let out = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (out += chunk))
  await until(() => out.includes('ready'), 25_000)
  theirs = `http://127.0.0.1:${httpPort}`
})
afterAll(async () => {
  end()
  await ours?.close()
})

async function event(origin: string) {
  const text = await curl('-H', 'cookie: a=1', `${origin}/a%20b/c?x=1%202`)
  const { rawPath, rawQueryString, cookies, headers } = JSON.parse(text)
  return { rawPath, rawQueryString, cookies, cookie: headers.cookie }
}

it('dev follows the recordings: the path is decoded, the query as sent, cookies are apart', async () => {
  const expected = { rawPath: '/a b/c', rawQueryString: 'x=1%202', cookies: ['a=1'], cookie: undefined }
  expect(await event(ours.url)).toEqual(expected)
})

it('serverless-offline differs as docs/guide/local-development.md says', async () => {
  const expected = { rawPath: '/a%20b/c', rawQueryString: 'x=1+2', cookies: ['a=1'], cookie: 'a=1' }
  expect(await event(theirs)).toEqual(expected)
})
