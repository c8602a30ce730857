import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const source = (name: string) => JSON.stringify(fileURLToPath(new URL(`../../src/${name}.ts`, import.meta.url)))

/** The built-in modules that a parser's first request loads, in a process of its own. */
function loadedBy(parser: string, type: string, body: string): string[] {
  const script = `
    const parsers = await import(${source('body/body-parsers')})
    const { Incoming } = await import(${source('node/incoming')})
    const headers = { 'content-type': '${type}', 'content-length': '${Buffer.byteLength(body)}' }
    const message = { method: 'POST', path: '/', query: '', headers, rawHeaders: [], body: ${JSON.stringify(body)} }
    const req = new Incoming(message, { source: 'http-api', context: {}, streaming: false })
    const parse = parsers.${parser}({ limit: '1mb' })
    const before = process.moduleLoadList.length
    parse(req, {}, () => {})
    const loaded = process.moduleLoadList.slice(before)
    console.log(JSON.stringify([loaded, req.body === undefined]))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  const [loaded, isMissing] = JSON.parse(output) as [string[], boolean]
  expect(isMissing).toBe(false)
  return loaded
}

describe('the first body', () => {
  it.each([
    ['json', 'application/json', '{"a":"é"}'],
    ['urlencoded', 'application/x-www-form-urlencoded', 'a[b]=1'],
    ['text', 'text/plain; charset=windows-1251', 'text'],
    ['raw', 'application/octet-stream', 'bytes'],
  ])('that %s parses loads no built-in module', (parser, type, body) => {
    expect(loadedBy(parser, type, body)).toEqual([])
  })
})
