import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toLambdaHandler } from '@expressway/express-shim/lambda'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../../../test/chromium.ts'
import { writePage } from '../src/api-page.ts'
import { createLocalServer, type LocalServer, type LocalServerOptions } from '../src/server.ts'
import { coreApi, expressApi } from './api-page-app.ts'

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

let assets: string
let browser: Browser
let opened: { close(): Promise<void> }[] = []

beforeAll(async () => {
  assets = await mkdtemp(join(tmpdir(), 'expressway-page-'))
  await writePage(assets)
  browser = await launchChromium()
}, 120_000)
afterEach(async () => {
  await Promise.all(opened.map((each) => each.close()))
  opened = []
})
afterAll(async () => {
  await browser.close()
  await rm(assets, { recursive: true })
})

const serve = async (handler: object, options: LocalServerOptions): Promise<LocalServer> => {
  const server = await createLocalServer(handler as never, options)
  opened.push(server)
  return server
}

/** The page in a browser of its own, with everything that it asked for and everything that went wrong. */
async function open(url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  opened.unshift(context)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const faults: string[] = []
  const requested: { method: string; url: string; status: Promise<number>; bytes: Promise<number> }[] = []
  page.on('console', (message) => void (['error', 'warning'].includes(message.type()) && faults.push(message.text())))
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('request', (request) => {
    if (request.url().startsWith('data:')) return
    const answer = request.response()
    requested.push({
      method: request.method(),
      url: request.url(),
      status: answer.then((response) => response?.status() ?? 0),
      bytes: request.sizes().then(
        ({ responseBodySize }) => responseBodySize,
        () => 0,
      ),
    })
  })
  await page.goto(url)
  await page.locator('.opblock').first().waitFor()
  return { page, faults, requested }
}

const core = () => coreApi(assets)
const stage = { stage: 'prod' }
// A REST API sends compressed files to the client as base64 otherwise.
const restApi = { ...stage, binaryMediaTypes: ['*/*'] }
const cases: [string, () => object, LocalServerOptions, string][] = [
  ['core behind a stage of a REST API', core, { gateway: 'rest-api', gatewayOptions: restApi }, '/prod'],
  ['core behind a load balancer', core, { gateway: 'alb' }, ''],
  ['core behind a stage of an HTTP API', core, { gateway: 'http-api', gatewayOptions: stage }, '/prod'],
  [
    'the shim behind a stage of an HTTP API',
    () => expressApi(assets),
    { gateway: 'http-api', gatewayOptions: stage },
    '/prod',
  ],
  [
    'the shim mounted under its stage',
    () => ({ handler: toLambdaHandler(expressApi(assets), { basePath: 'mount' }) }),
    { gateway: 'http-api', gatewayOptions: stage },
    '/prod',
  ],
]

describe('the page of an API in Chromium', () => {
  it.each(cases)('tries an operation out: %s', async (_name, make, options, base) => {
    const server = await serve(make(), options)
    for (const slash of ['', '/']) {
      const { page, faults, requested } = await open(`${server.url}${base}/docs${slash}`)
      const operation = page.locator('.opblock-get').first()
      await operation.locator('.opblock-summary').click()
      await operation.getByRole('button', { name: 'Try it out' }).click()
      await operation.getByPlaceholder('list').fill('home')
      await operation.getByRole('button', { name: 'Execute' }).click()
      await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).first().waitFor()

      expect(faults).toEqual([])
      expect(requested.map(({ method, url }) => `${method} ${url.replace(/[\da-f]{12}/, 'HASH')}`).sort()).toEqual(
        [`docs${slash}`, 'docs/openapi.json', 'docs/swagger-ui-HASH.css', 'docs/swagger-ui-HASH.js', 'todos/home'].map(
          (path) => `GET ${server.url}${base}/${path}`,
        ),
      )
      for (const { status, bytes } of requested) {
        expect(await status).toBe(200)
        expect(await bytes).toBeLessThan(1024 * 1024)
      }
    }
  })

  it.each([
    ['a phone', phone],
    ['a desktop', {}],
  ])('fits %s', async (name, options) => {
    const server = await serve(core(), { gateway: 'alb' })
    const { page, faults } = await open(`${server.url}/docs`, options)
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-1.png`, fullPage: true })
    const operation = page.locator('.opblock-post').first()
    await operation.locator('.opblock-summary').click()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    await operation.getByPlaceholder('list').fill('home')
    await operation.getByRole('button', { name: 'Execute' }).click()
    await operation.locator('.live-responses-table').first().waitFor()
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-2.png`, fullPage: true })
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(overflow).toBe(0)
    expect(faults).toEqual([])
  })
})
