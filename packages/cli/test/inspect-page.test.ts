import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { invoke } from '@expressway/testing/invoke'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../../../test/chromium.ts'
import { createLocalServer, type LocalServer, type LocalServerOptions } from '../src/server.ts'
import { ask, curl } from './server-support.ts'

// biome-ignore lint/suspicious/noExplicitAny: an HTTP API's event
type Event = any

const shell = promisify(execFile)
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

async function handler(event: Event) {
  const headers = { 'content-type': 'application/json' }
  if (event.rawPath === '/fail') throw new Error('The database is away')
  if (event.rawPath === '/odd') return { statusCode: 200, multiValueHeaders: { 'x-lost': ['b'] }, body: '{}' }
  if (event.rawPath === '/missing') return { statusCode: 404, headers, body: '{"message":"Not found"}' }
  if (event.rawPath === '/picture') {
    return { statusCode: 200, headers: { 'content-type': 'image/png' }, isBase64Encoded: true, body: png }
  }
  const body = JSON.stringify({ path: event.rawPath, sent: event.body ?? null })
  return { statusCode: 200, headers, cookies: ['a=1', 'b=2'], body }
}

let browser: Browser
let opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.map((each) => each.close()))
  opened = []
})

const serve = async (options: LocalServerOptions = {}): Promise<LocalServer> => {
  const server = await createLocalServer(handler, { inspectPage: true, ...options })
  opened.push(server)
  return server
}

/** The page in a browser of its own, with everything that went wrong in it. */
async function open(server: LocalServer, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url })
  opened.unshift(context)
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const faults: string[] = []
  const requested: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())))
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('request', (request) => requested.push(request.url()))
  await page.goto(`${server.url}/_expressway`)
  await page.getByText('Live', { exact: true }).waitFor()
  return { page, faults, requested }
}

const rows = (page: Page) => page.getByRole('option')
// biome-ignore lint/performance/useDomNodeTextContent: what a person sees, with its lines and spaces
const textOf = (locator: Locator) => locator.innerText()
const rowTexts = (page: Page) => rows(page).allInnerTexts()
const row = (page: Page, text: string) => page.getByRole('option', { name: text })
const panel = (page: Page) => page.getByRole('tabpanel')
const tab = (page: Page, name: string) => page.getByRole('tab', { name })
const clipboard = (page: Page) => page.evaluate('navigator.clipboard.readText()') as Promise<string>

describe('the inspect page in Chromium', () => {
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  it('shows invocations as they come, and everything about one', async () => {
    const server = await serve()
    const { page, faults, requested } = await open(server)
    await page.getByText('Nothing yet.').waitFor()
    await curl('--json', '{"price":"5"}', '-H', 'x-tenant: blue', `${server.url}/orders?a=1`)
    await row(page, '/orders?a=1').waitFor()
    expect((await rowTexts(page))[0]).toMatch(/^200\s+POST\s+\/orders\?a=1\s+[\d.]+ ms/)

    // On a wide screen the first one is shown by itself.
    await page.getByRole('heading', { name: 'POST /orders?a=1' }).waitFor()
    expect(await textOf(panel(page))).toMatch(/x-tenant\s+blue/)
    expect(await textOf(page.getByRole('region', { name: 'Request body' }))).toBe('{\n  "price": "5"\n}')
    await tab(page, 'Event').click()
    expect(JSON.parse(await textOf(page.getByRole('region', { name: 'Event' })))).toMatchObject({
      rawPath: '/orders',
      body: '{"price":"5"}',
    })
    await tab(page, 'Result').click()
    expect(JSON.parse(await textOf(page.getByRole('region', { name: 'Result' })))).toMatchObject({
      statusCode: 200,
      cookies: ['a=1', 'b=2'],
    })
    await tab(page, 'Response').click()
    expect(await textOf(panel(page))).toMatch(/set-cookie\s+a=1\s+set-cookie\s+b=2/)
    expect(await textOf(page.getByRole('region', { name: 'Response body' }))).toContain('"path": "/orders"')
    await tab(page, 'Timing').click()
    expect(await textOf(panel(page))).toMatch(/Request id\s+[0-9a-f-]{36}[\s\S]*Until the answer\s+[\d.]+ ms/)

    expect(faults).toEqual([])
    expect(requested.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).toEqual([])
  })

  it('shows warnings, failures with their stack, and pictures', async () => {
    const server = await serve()
    const { page, faults } = await open(server)
    for (const path of ['/odd', '/fail', '/picture']) await curl(server.url + path, '-o', '/dev/null')
    await row(page, '/odd').click()
    await page.getByRole('note', { name: 'Warnings' }).getByText('multiValueHeaders is ignored').waitFor()
    expect(await textOf(row(page, '/odd'))).toContain('1 warning')
    await row(page, '/fail').click()
    await tab(page, 'Result').click()
    expect(await textOf(page.getByRole('region', { name: 'Stack' }))).toMatch(
      /^Error: The database is away\n {4}at handler/,
    )
    await row(page, '/picture').click()
    await tab(page, 'Response').click()
    const picture = page.getByRole('img', { name: 'Response body: an image' })
    const width = () => picture.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth)
    await expect.poll(width, { timeout: 5000 }).toBe(1)
    expect(faults).toEqual([])
  })

  it('copies a curl command that works, and an event that a handler takes', async () => {
    const server = await serve()
    const { page } = await open(server)
    const first = await curl('-X', 'PUT', '--data-binary', `it's "quoted"`, `${server.url}/copy?q=%20`)
    await row(page, '/copy').click()
    await page.getByRole('button', { name: 'Copy as curl' }).click()
    await page.getByText('Copied the curl command.').waitFor()
    const { stdout } = await shell('sh', ['-c', `${await clipboard(page)} --silent`])
    expect(stdout).toBe(first)
    await page.getByRole('button', { name: 'Copy as event' }).click()
    await page.getByText('Copied the event.').waitFor()
    const rawEvent = JSON.parse(await clipboard(page))
    const request = { method: 'PUT', path: '/copy', query: '', headers: [] }
    const { response } = await invoke(handler, request, { rawEvent })
    expect(Buffer.from(response.body).toString()).toBe(first)
  })

  it('sends a request again', async () => {
    const server = await serve()
    const { page } = await open(server)
    await curl('--json', '{"n":1}', `${server.url}/again`)
    await row(page, '/again').click()
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('Sent again as 2.').waitFor()
    await row(page, 'replay of 1').waitFor()
    expect(await rows(page).count()).toBe(2)
    await tab(page, 'Response').click()
    expect(await textOf(page.getByRole('region', { name: 'Response body' }))).toContain('{\\"n\\":1}')
  })

  it('searches everything, live', async () => {
    const server = await serve()
    const { page } = await open(server)
    await curl(`${server.url}/a`, '-H', 'x-tenant: Blue')
    await curl(`${server.url}/b`)
    await curl(`${server.url}/missing`)
    await curl(`${server.url}/odd`)
    const search = page.getByRole('searchbox', { name: 'Search invocations' })
    const shown = (expected: string[]) =>
      expect
        .poll(async () => (await rowTexts(page)).map((text) => /\/\w+/.exec(text)?.[0]), { timeout: 5000 })
        .toEqual(expected)
    await shown(['/odd', '/missing', '/b', '/a'])
    await search.fill('blue')
    await shown(['/a'])
    await curl(`${server.url}/c`, '-H', 'x-tenant: blue')
    await shown(['/c', '/a'])
    await search.fill('4xx')
    await shown(['/missing'])
    await search.fill('get warning')
    await shown(['/odd'])
    await search.fill('nowhere to be found')
    await shown([])
    await page.getByText('No invocation has all of these words.').waitFor()
    await search.press('Escape')
    await shown(['/c', '/odd', '/missing', '/b', '/a'])
    await page.getByRole('button', { name: 'Clear' }).click()
    await shown([])
  })

  it('is used with the keyboard alone', async () => {
    const server = await serve()
    const { page } = await open(server)
    for (const path of ['/one', '/two', '/three']) await curl(server.url + path)
    await row(page, '/three').waitFor()
    const focused = () => page.evaluate('document.activeElement.id || document.activeElement.textContent')
    await page.keyboard.press('/')
    expect(await focused()).toBe('search')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toBe('list')
    const heading = (text: string) => page.getByRole('heading', { name: text }).waitFor()
    await page.keyboard.press('End')
    await heading('GET /one')
    await page.keyboard.press('ArrowUp')
    await heading('GET /two')
    await page.keyboard.press('Home')
    await heading('GET /three')
    const list = page.getByRole('listbox')
    expect(await list.getAttribute('aria-activedescendant')).toBe(await row(page, '/three').getAttribute('id'))
    expect(await page.getByRole('option', { selected: true }).count()).toBe(1)
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Copy as curl')
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Tab')
    expect(await focused()).toBe('tab-request')
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toBe('tab-event')
    expect(await tab(page, 'Event').getAttribute('aria-selected')).toBe('true')
    await page.keyboard.press('End')
    expect(await focused()).toBe('tab-timing')
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toBe('tab-request')
    // The ring around what has the focus is there to see.
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
  })

  it('works at the width of a phone without scrolling sideways', async () => {
    const server = await serve()
    const { page } = await open(server, { viewport: { width: 360, height: 740 }, hasTouch: true })
    const long = `/orders/${'x'.repeat(300)}`
    await curl(server.url + long, '-H', `x-long: ${'y'.repeat(400)}`)
    await curl(`${server.url}/odd`)
    const fits = async () =>
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    await row(page, '/odd').waitFor()
    await fits()
    expect(await page.getByRole('tablist').count()).toBe(0)
    await row(page, '/orders').tap()
    await page.getByRole('tablist').waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('title')
    expect(await page.getByRole('listbox').isVisible()).toBe(false)
    for (const name of ['Request', 'Event', 'Result', 'Response', 'Timing']) {
      await tab(page, name).tap()
      await panel(page).waitFor()
      await fits()
      const overflowing = await page.evaluate(
        `[...document.querySelectorAll('#detail *')].filter((each) => each.getBoundingClientRect().right > 361).length`,
      )
      expect([name, overflowing]).toEqual([name, 0])
    }
    await page.getByRole('button', { name: 'Back' }).tap()
    await row(page, '/odd').waitFor()
    expect(await page.getByRole('tablist').isVisible()).toBe(false)
  })

  it.each(['light', 'dark'] as const)('can be read on a %s ground', async (colorScheme) => {
    const server = await serve()
    const { page } = await open(server, { colorScheme })
    for (const path of ['/a', '/missing', '/odd', '/fail']) await curl(server.url + path)
    await row(page, '/odd').click()
    await tab(page, 'Event').click()
    await page.getByRole('region', { name: 'Event' }).waitFor()
    const { ground, poor } = (await page.evaluate(contrast)) as { ground: number; poor: string[] }
    expect(colorScheme === 'light' ? ground > 0.8 : ground < 0.1).toBe(true)
    expect(poor).toEqual([])
  })

  it('shows what clients send as text, whatever it is', async () => {
    const server = await serve()
    const { page, faults } = await open(server)
    const evil = '</script><img src=x onerror="document.title=`owned`">'
    await ask(
      server,
      { method: 'POST', path: `/%3Cb%3E?q=<img/src=x/onerror=alert(1)>`, headers: { 'x-evil': evil } },
      evil,
    )
    await row(page, '%3Cb%3E').click()
    await panel(page).getByText('onerror').first().waitFor()
    for (const name of ['Event', 'Result', 'Response']) await tab(page, name).click()
    expect(await page.title()).toBe('Expressway invocations')
    expect(await page.locator('img').count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('keeps the last 200, newest first', async () => {
    const server = await serve()
    const { page } = await open(server)
    for (let at = 1; at <= 205; at++) await ask(server, { path: `/${at}` })
    await row(page, '/205').waitFor()
    expect(await rows(page).count()).toBe(200)
    expect((await rowTexts(page))[0]).toContain('/205')
    const again = await open(server)
    expect(await rows(again.page).count()).toBe(200)
    expect(await textOf(page.getByRole('heading', { level: 1 }))).toBe('Invocations 200')
  })

  it('shows a stream while it runs, chunk by chunk', async () => {
    const next = Promise.withResolvers<void>()
    const streaming = async (_: unknown, stream: { write(text: string): void; end(): void }) => {
      stream.write('one ')
      await next.promise
      stream.write('two')
      stream.end()
    }
    const marked = Object.assign(streaming, { [Symbol.for('aws.lambda.runtime.handler.streaming')]: 'response' })
    const server = await createLocalServer(marked, { gateway: 'function-url', inspectPage: true })
    opened.push(server)
    const { page } = await open(server)
    const answer = curl(server.url)
    await row(page, 'running').waitFor()
    next.resolve()
    expect(await answer).toBe('one two')
    await row(page, '200').waitFor()
    await tab(page, 'Timing').click()
    expect(await textOf(panel(page))).toMatch(/Chunk 1\s+4 B\s+at [\d.]+ m?s\s+Chunk 2\s+3 B/)
    await page.getByText('streamed').waitFor()
  })

  it('says when the server is gone', async () => {
    const server = await serve()
    const { page } = await open(server)
    await server.close()
    await page.getByText('Not connected').waitFor()
  })
})

describe('what the inspect page tells, and to whom', () => {
  const code = ['-o', '/dev/null', '-w', '%{http_code}']
  const paths = ['', '/live', '/search?q=', '/invocations/1']

  it.each(paths)('tells %j nothing under a foreign name or to a foreign origin', async (path) => {
    const server = await serve()
    await curl(`${server.url}/secret`)
    const url = `${server.url}/_expressway${path}`
    expect(await curl(...code, '-H', 'Host: evil.example', url)).toBe('403')
    expect(await curl(...code, '-H', `Host: evil.example:${server.port}`, url)).toBe('403')
    expect(await curl(...code, '-H', 'Origin: http://evil.example', url)).toBe('403')
    expect(await curl('-H', 'Host: evil.example', url)).not.toContain('secret')
  })

  it('changes nothing for a plain form of another page', async () => {
    const server = await serve()
    await curl(`${server.url}/a`)
    const replay = `${server.url}/_expressway/invocations/1/replay`
    expect(await curl(...code, '-X', 'POST', replay)).toBe('403')
    expect(await curl(...code, '-X', 'POST', '-H', 'x-expressway: 1', replay)).toBe('200')
    expect(await curl(...code, '-H', 'x-expressway: 1', replay)).toBe('404')
    expect(await curl(...code, `${server.url}/_expressway/invocations/99`)).toBe('404')
    expect(await curl(...code, `${server.url}/_expressway/nowhere`)).toBe('404')
    expect(JSON.parse(await curl(`${server.url}/_expressway/search?q=`)).ids).toEqual([1, 2])
  })

  it('allows itself nothing but its own script and styles', async () => {
    const server = await serve()
    const { headers, body } = await ask(server, { path: '/_expressway' })
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+'; connect-src 'self'; img-src data:/,
    )
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    expect(body.toString()).not.toMatch(/(?:src|href)="(?!data:)/)
  })

  it('leaves the paths beside it to the application', async () => {
    const server = await serve()
    expect(await curl(`${server.url}/_expressways`)).toContain('"path":"/_expressways"')
  })
})

/** Which text has less contrast than 4.5 to 1 (WCAG 2.2, 1.4.3), and how light the page is; it runs in the page. */
const contrast = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number)
  const luminance = ([r, g, b]) => [r, g, b]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0)
  const groundOf = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor)
      if (color.length === 3 || color[3] > 0) return luminance(color)
    }
    return 1
  }
  const poor = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest('script')) continue
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), groundOf(element)].sort((x, y) => y - x)
    const ratio = (a + 0.05) / (b + 0.05)
    if (ratio < 4.5) poor.push(element.className + ': ' + walker.currentNode.data + ' ' + ratio.toFixed(2))
  }
  return { ground: groundOf(document.body), poor }
})()`
