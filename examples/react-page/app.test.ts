import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createLocalServer } from '@expressway/cli/server'
import request from '@expressway/testing'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchChromium } from '../../test/chromium.ts'
import type { handler as appHandler } from './app.ts'

const cwd = import.meta.dirname

// All of it runs as it is deployed: from the bundles that the README's commands write.
let folder: string
let handler: typeof appHandler
let script: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'expressway-react-'))
  const commands = (await readFile(join(cwd, 'README.md'), 'utf8')).match(/^npx esbuild .*$/gm)!
  for (const command of commands) {
    const here = command.replace('npx ', '../node_modules/.bin/').replace('dist/', `${folder}/`)
    execFileSync('sh', ['-c', here], { cwd, stdio: 'pipe' })
  }
  ;({ handler } = await import(pathToFileURL(join(folder, 'app.mjs')).href))
  ;[script = ''] = await readdir(join(folder, 'assets'))
})
afterAll(() => rm(folder, { recursive: true }))

afterEach(() => vi.restoreAllMocks())

const get = (path: string) => request(handler, { gateway: 'rest-api' }).get(path).stream()

describe('the page', () => {
  it('is sent before its slow part is there', async () => {
    const { chunks } = await get('/').stage('prod').expect(200).expect('content-type', 'text/html; charset=utf-8')
    const texts = chunks.map(({ data }) => Buffer.from(data).toString())
    expect(texts[0]).toMatch(/^<!DOCTYPE html><html lang="en">.*<button type="button">\d+<!-- --> likes<\/button>/)
    expect(texts[0]).toContain('on their way')
    expect(texts.slice(1).join('')).toContain('<li>Good for a &lt;rainy&gt; day</li>')
    expect(texts.join('')).toContain(`src="/prod/assets/${script}"`)
  })

  it('is whole where the gateway cannot stream', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { text } = await request(handler).get('/').via('http-api').expect(200)
    expect(text).toContain('<li>Better with milk</li>')
    expect(String(warn.mock.calls[0])).toContain('http-api cannot stream')
  })
})

describe('the file', () => {
  it('is kept by browsers for ever, compressed, with a tag', async () => {
    const { headers } = await get(`/assets/${script}`)
      .set('accept-encoding', 'br')
      .expect(200)
      .expect('content-type', /javascript/)
      .expect('content-encoding', 'br')
      .expect('cache-control', 'public, max-age=31536000, immutable')
    await get(`/assets/${script}`).set('accept-encoding', 'br').set('if-none-match', headers.etag!).expect(304)
  })

  it.each(['none.js', '..%2Fapp.mjs', '%2e%2e'])('is the only one: %s', async (name) => {
    await get(`/assets/${name}`).expect(404)
  })
})

describe('in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  }, 120_000)
  afterAll(() => browser.close())

  it('comes to life without an error, and counts at the server', async () => {
    await using server = await createLocalServer(handler, { gateway: 'rest-api', gatewayOptions: { stage: 'prod' } })
    const page = await browser.newPage()
    const faults: string[] = []
    page.on('console', (message) => faults.push(message.text()))
    page.on('pageerror', (error) => faults.push(String(error)))
    await page.goto(`${server.url}/prod/`)
    await page.getByText('Better with milk').waitFor()

    const button = page.getByRole('button')
    const before = Number.parseInt((await button.textContent())!, 10)
    await button.click()
    await page.getByText(`${before + 1} likes`).waitFor()
    expect(await (await fetch(`${server.url}/api/likes`)).json()).toEqual({ likes: before + 1 })
    await page.reload()
    await page.getByText(`${before + 1} likes`).waitFor()
    expect(faults).toEqual([])

    await page.route('**/api/likes', (route) => route.fulfill({ status: 500 }))
    await button.click()
    await page.getByRole('alert').waitFor()
  })
})
