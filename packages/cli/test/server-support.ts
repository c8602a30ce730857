import { execFile } from 'node:child_process'
import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import { promisify } from 'node:util'
import type { LocalServer } from '../src/server.ts'

const run = promisify(execFile)

/** What the real curl prints, with its `-w` or `-i` as the caller asks. */
export async function curl(...args: string[]): Promise<string> {
  const { stdout } = await run('curl', ['--silent', '--show-error', '--max-time', '20', ...args], {
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}

export interface Answer {
  status: number
  statusText: string
  lines: [string, string][]
  headers: IncomingMessage['headers']
  body: Buffer
}

/** A request by Node's own client, which shows the field lines as they came. */
export function ask(server: LocalServer, options: RequestOptions = {}, body?: Uint8Array | string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const message = request({ host: '127.0.0.1', port: server.port, agent: false, ...options }, async (response) => {
      const chunks: Buffer[] = []
      try {
        for await (const chunk of response) chunks.push(chunk)
      } catch (error) {
        return reject(error)
      }
      const raw = response.rawHeaders
      const lines = raw.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, raw[at + 1]!]] : []))
      const { statusCode = 0, statusMessage: statusText = '', headers } = response
      resolve({ status: statusCode, statusText, lines, headers, body: Buffer.concat(chunks) })
    })
    message.on('error', reject)
    message.end(body)
  })
}

/** Waits until something is so. */
export async function until(condition: () => unknown, milliseconds = 10_000): Promise<void> {
  const end = Date.now() + milliseconds
  while (!condition()) {
    if (Date.now() > end) throw new Error(`It did not come to be within ${milliseconds} ms: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
