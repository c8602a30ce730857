// Serves a built site as a static host does: `/guide/testing` is `guide/testing.html`, a folder its `index.html`.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

/** The file of an address; undefined if there is none. */
export function fileAt(folder: string, path: string): string | undefined {
  const name = join(folder, normalize(decodeURIComponent(path)))
  const isFile = (file: string) => existsSync(file) && statSync(file).isFile()
  return [name, `${name}.html`, join(name, 'index.html')].find(isFile)
}

export async function serve(folder: string): Promise<{ server: Server; origin: string }> {
  const server = createServer((req, res) => {
    const file = fileAt(folder, new URL(req.url!, 'http://site').pathname)
    const type = types[extname(file ?? '404.html')] ?? 'application/octet-stream'
    res.writeHead(file === undefined ? 404 : 200, { 'content-type': type })
    res.end(readFileSync(file ?? join(folder, '404.html')))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
