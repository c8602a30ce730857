import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createApp } from '@expressway/core'
import { apiPage } from '@expressway/core/api-page'
import { toLambdaHandler } from '@expressway/express-shim/lambda'
import type { Browser, BrowserContextOptions, Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../../../test/chromium.ts'
import { writePage } from '../src/api-page.ts'
import { Failure } from '../src/failure.ts'
import { createLocalServer, type LocalServer, type LocalServerOptions } from '../src/server.ts'
import { coreApi, expressApi } from './api-page-app.ts'
import { fixture, runCommand } from './command-support.ts'

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

let assets: string
let written: Awaited<ReturnType<typeof runCommand>>
let browser: Browser
let opened: { close(): Promise<void> }[] = []

beforeAll(async () => {
  assets = await mkdtemp(join(tmpdir(), 'expressway-page-'))
  written = await runCommand('openapi', fixture('todos.ts'), '--wait', '0', '--page', join(assets, 'api'))
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

const api = () => pathToFileURL(`${join(assets, 'api')}/`)
const core = () => coreApi(api())
const stage = { stage: 'prod' }
// A REST API sends compressed files to the client as base64 otherwise.
const restApi = { ...stage, binaryMediaTypes: ['*/*'] }
const cases: [string, () => object, LocalServerOptions, base: string, path?: string][] = [
  ['core behind a stage of a REST API', core, { gateway: 'rest-api', gatewayOptions: restApi }, '/prod'],
  ['core with a slash at the end', core, { gateway: 'rest-api', gatewayOptions: restApi }, '/prod', '/docs/'],
  ['core behind a load balancer', core, { gateway: 'alb' }, ''],
  ['core behind a stage of an HTTP API', core, { gateway: 'http-api', gatewayOptions: stage }, '/prod'],
  [
    'the shim behind a stage of an HTTP API',
    () => expressApi(api()),
    { gateway: 'http-api', gatewayOptions: stage },
    '/prod',
  ],
  [
    'the shim mounted under its stage',
    () => ({ handler: toLambdaHandler(expressApi(api()), { basePath: 'mount' }) }),
    { gateway: 'http-api', gatewayOptions: stage },
    '/prod',
  ],
]

describe('expressway openapi --page', () => {
  it('writes compressed files below the limits of every gateway, and the licence, and prints nothing', async () => {
    expect(written).toEqual({ code: 0, out: '', err: '' })
    const sizes = await Promise.all(
      (await readdir(join(assets, 'api')))
        .sort()
        .map(async (name) => [name, (await stat(join(assets, 'api', name))).size]),
    )
    expect(sizes.map(([name]) => name)).toEqual([
      'LICENSE.txt',
      'NOTICE.txt',
      'swagger-ui.css.br',
      'swagger-ui.css.gz',
      'swagger-ui.js.br',
      'swagger-ui.js.gz',
    ])
    // A load balancer takes 1 MB, of which base64 is a third.
    for (const [, size] of sizes) expect(size).toBeLessThan(700_000)
  })

  it('says what is missing in one sentence', async () => {
    await expect(writePage(join(assets, 'other'), [])).rejects.toThrow(
      new Failure('--page needs Swagger UI, which this project does not have: npm install --save-dev swagger-ui-dist'),
    )
    const file = join(assets, 'api', 'LICENSE.txt')
    await expect(writePage(file)).rejects.toThrow(/^The files of the page cannot be written to .*LICENSE\.txt: /)
  })
})

/** Opens an operation and executes it. */
async function tryOut(operation: Locator): Promise<void> {
  await operation.locator('.opblock-summary').click()
  await operation.getByRole('button', { name: 'Try it out' }).click()
  await operation.getByPlaceholder('list').fill('home')
  await operation.getByRole('button', { name: 'Execute' }).click()
}
const statusOf = (operation: Locator, status: string): Locator =>
  operation.locator('.live-responses-table .response-col_status', { hasText: status }).first()

describe('the page of an API in Chromium', () => {
  it.each(cases)('tries an operation out: %s', async (_name, make, options, base, path = '/docs') => {
    const server = await serve(make(), options)
    const { page, faults, requested } = await open(server.url + base + path)
    const operation = page.locator('.opblock-get').first()
    await tryOut(operation)
    await statusOf(operation, '200').waitFor()

    expect(faults).toEqual([])
    expect(requested.map(({ method, url }) => `${method} ${url.replace(/[\da-f]{12}/, 'HASH')}`).sort()).toEqual(
      [path, '/docs/openapi.json', '/docs/swagger-ui-HASH.css', '/docs/swagger-ui-HASH.js', '/todos/home'].map(
        (each) => `GET ${server.url}${base}${each}`,
      ),
    )
    for (const { status, bytes } of requested) {
      expect(await status).toBe(200)
      expect(await bytes).toBeLessThan(1024 * 1024)
    }
  })

  it.each([
    ['a phone', phone],
    ['a desktop', {}],
  ])('fits %s', async (_name, options) => {
    const server = await serve(core(), { gateway: 'alb' })
    const { page, faults } = await open(`${server.url}/docs`, options)
    const operation = page.locator('.opblock-post').first()
    await tryOut(operation)
    await statusOf(operation, '201').waitFor()
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(overflow).toBe(0)
    expect(faults).toEqual([])
  })

  it('loads nothing from elsewhere, whatever a description says', async () => {
    const info = { title: 'Todos', version: '1', description: '![A picture](https://example.com/picture.png)' }
    const paths = { '/a': { get: { responses: { 200: { description: 'OK' } } } } }
    const app = createApp().use('/docs', apiPage({ document: { openapi: '3.1.1', info, paths }, assets: api() }))
    const server = await serve(app, { gateway: 'alb' })
    const { page, faults, requested } = await open(`${server.url}/docs`)
    await page.getByAltText('A picture').waitFor({ state: 'attached' })
    await expect.poll(() => faults).toHaveLength(1)
    expect(faults[0]).toMatch(/picture\.png' violates .*img-src 'self' data:/)
    const answered = await Promise.all(requested.map(async ({ url, status }) => ((await status) > 0 ? url : '')))
    expect(answered.filter((url) => !url.startsWith(server.url) && url !== '')).toEqual([])
  })
})
