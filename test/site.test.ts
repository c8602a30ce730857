// The site that `pnpm build` built, read as files and clicked through in Chromium.
import { globSync, readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressOf, listed, pageFiles } from '../docs/.vitepress/pages.ts'
import { launchChromium } from './chromium.ts'
import { fileAt, serve } from './site/server.ts'

const folder = join(import.meta.dirname, '../docs/.vitepress/dist')
const files = globSync('**/*.html', { cwd: folder })
const html = new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
const isFirstPage = (file: string): boolean => file === 'docs/index.md'

it('has every page, each in the sidebar', () => {
  const missing = pageFiles().filter((file) => !isFirstPage(file) && !listed().includes(file))
  expect(missing, 'add these to docs/.vitepress/pages.ts').toEqual([])
  expect(pageFiles().filter((file) => fileAt(folder, addressOf(file)) === undefined)).toEqual([])
})

it('has no link to a page or an anchor that is not there', () => {
  const anchors = new Map<string, ReadonlySet<string>>()
  const anchorsOf = (file: string): ReadonlySet<string> => {
    const known =
      anchors.get(file) ?? new Set([...readFileSync(file, 'utf8').matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!))
    anchors.set(file, known)
    return known
  }
  const dead = [...html].flatMap(([file, text]) => {
    const links = new Set(
      [...text.matchAll(/<a [^>]*?href="([^"]*)"/g)].map(([, link]) => link!.replaceAll('&amp;', '&')),
    )
    return [...links]
      .filter((link) => {
        if (/^(?!https?:\/\/site\/)[a-z]+:/.test(link)) return false
        const { pathname, hash } = new URL(link, `http://site/${file.replace(/(index)?\.html$/, '')}`)
        const target = fileAt(folder, pathname)
        return target === undefined || (hash !== '' && !anchorsOf(target).has(decodeURIComponent(hash.slice(1))))
      })
      .map((link) => `${file}: ${link}`)
  })
  expect(dead).toEqual([])
})

it('loads nothing from another host', () => {
  const loads = /<(?:script|img|iframe|source)[^>]* src="(?:https?:)?\/\/|<link [^>]*href="(?:https?:)?\/\//
  expect([...html].filter(([, text]) => loads.test(text)).map(([file]) => file)).toEqual([])
})

it('gives every page to language models', () => {
  const list = readFileSync(join(folder, 'llms.txt'), 'utf8')
  const full = readFileSync(join(folder, 'llms-full.txt'), 'utf8')
  const pages = listed().map((file) => addressOf(file).replace(/\/$/, '/index'))
  expect(pages.filter((page) => !list.includes(`](${page}.md)`))).toEqual([])
  expect(listed().filter((file) => !full.includes(`<!-- ${addressOf(file)} -->`))).toEqual([])
  expect(pages.filter((page) => fileAt(folder, `${page}.md`) === undefined)).toEqual([])
})

describe('in Chromium', () => {
  let server: Server
  let origin: string
  let browser: Browser
  const troubles: string[] = []

  beforeAll(async () => {
    ;[{ server, origin }, browser] = await Promise.all([serve(folder), launchChromium()])
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  /** A page whose errors and requests are noted. */
  async function open(context: BrowserContext): Promise<Page> {
    const page = await context.newPage()
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
    page.on('pageerror', (error) => troubles.push(String(error)))
    page.on('requestfailed', (request) => troubles.push(`failed: ${request.url()}`))
    page.on('request', (request) => request.url().startsWith(origin) || troubles.push(`elsewhere: ${request.url()}`))
    page.on(
      'response',
      (response) => response.status() >= 400 && troubles.push(`${response.status()}: ${response.url()}`),
    )
    return page
  }

  it('shows, navigates, searches, and turns dark', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await open(context)
    await page.goto(origin)
    expect(await page.locator('h1').textContent()).toContain('AWS Lambda')
    await page.locator('.VPNavBar a', { hasText: 'Guide' }).click()
    await page.waitForURL(/\/(guide|core)/)
    await page.locator('.VPDoc h1').waitFor()

    await page.locator('.VPNavBarSearch button').click()
    await page.locator('.search-input').fill('ALB cookies')
    await page.locator('.results .result').first().waitFor()
    const found = await page.locator('.results').textContent()
    expect(found).toMatch(/ALB|balancer|cookie/i)
    await page.keyboard.press('Enter')
    await page.locator('.VPLocalSearchBox').waitFor({ state: 'detached' })
    expect(await page.locator('.VPDoc').textContent()).toMatch(/ALB|load balancer/i)

    const isDark = () => page.evaluate<boolean>(`document.documentElement.classList.contains('dark')`)
    const before = await isDark()
    await page.locator('.VPNavBarAppearance button').click()
    expect(await isDark()).toBe(!before)

    await page.locator('.VPNavBar a', { hasText: 'Reference' }).click()
    await page.locator('.VPDoc a', { hasText: '@expressway/core/openapi' }).click()
    await page.locator('h1', { hasText: '@expressway/core/openapi' }).waitFor()
    expect(await page.locator('.VPDoc').textContent()).toContain('openapi()')
    await page.goto(`${origin}/no-such-page`)
    await page.locator('.NotFound').waitFor()
    expect(troubles.splice(0).sort()).toEqual(
      [
        `Failed to load resource: the server responded with a status of 404 (Not Found)`,
        `404: ${origin}/no-such-page`,
      ].sort(),
    )
    await context.close()
  })

  it('has a menu on a phone', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
    const page = await open(context)
    await page.goto(`${origin}/reference/core-openapi`)
    await page.locator('.VPLocalNav .menu').click()
    await page.locator('.VPSidebar.open').waitFor()
    await page.locator('.VPSidebar a', { hasText: '@expressway/core/errors' }).click()
    await page.locator('h1', { hasText: '@expressway/core/errors' }).waitFor()
    await page.locator('.VPNavBarHamburger').click()
    await page.locator('.VPNavScreen a', { hasText: 'Porting' }).click()
    await page.waitForURL(/\/porting/)
    expect(troubles.splice(0)).toEqual([])
    await context.close()
  })

  it('has no page that is wider than a phone', async () => {
    // Without scripts, so that a hundred pages take seconds.
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false })
    const page = await context.newPage()
    await page.route(/\.(js|woff2|svg)$/, (route) => route.abort())
    const wide: string[] = []
    for (const file of files) {
      await page.goto(`${origin}/${file}`)
      const width = await page.evaluate<number>('document.documentElement.scrollWidth')
      if (width > 390) wide.push(`${file}: ${width}`)
    }
    expect(wide).toEqual([])
    await context.close()
  }, 120_000)
})
