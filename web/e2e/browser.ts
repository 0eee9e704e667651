// A browser that reports what no page of ours may do: call other hosts, fail in a script, break the content policy.

import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect, vi } from 'vitest'

const artefacts = fileURLToPath(new URL('./artefacts/', import.meta.url))
const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

export const PHONE = { width: 390, height: 844 }
export const WALL = { width: 1920, height: 1080 }
export const LAPTOP = { width: 1440, height: 900 }
export const TABLET = { width: 1024, height: 768 }

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export interface Watched {
  page: Page
  /** requests to other hosts, errors of scripts, breaches of the content policy */
  complaints: string[]
}

export async function openPage(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ locale: 'ru-RU', viewport: PHONE, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) complaints.push(`request to ${url}`)
  })
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`))
  page.on('console', (message) => {
    // A refused or unanswered request is told by the browser as an error too; the tests look at those themselves.
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) {
      complaints.push(`console: ${message.text()}`)
    }
  })
  return { page, complaints }
}

export async function shot(page: Page, name: string): Promise<void> {
  await mkdir(artefacts, { recursive: true })
  // Let sheets and tickets come to rest: a picture in the middle of a motion tells nothing.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))))
  await page.screenshot({ path: `${artefacts}${name}.png` })
}

interface Violation {
  id: string
  nodes: { html: string }[]
}

/** Fails with the rule and the first elements when the page is not accessible. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  const source = await readFile(axeFile, 'utf8')
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))))
  // Evaluated by the debugger, so the page's content policy stays as it is.
  await page.evaluate(source)
  const found = (await page.evaluate('axe.run().then((result) => result.violations)')) as Violation[]
  const told = found.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).slice(0, 3).join(' | ')}`)
  expect(told, `accessibility of ${name}`).toEqual([])
}

export interface Heard {
  type: string
  order_id?: number
  data?: Record<string, unknown>
}

/** A client on the live feed, as the waiter's tablet is one; it runs in a page of the box. */
export class Listener {
  readonly heard: Heard[] = []

  static async connect(browser: Browser, origin: string, token: string): Promise<Listener> {
    const listener = new Listener()
    const { page } = await openPage(browser, origin)
    await page.exposeFunction('onHeard', (text: string) => listener.heard.push(JSON.parse(text) as Heard))
    await page.goto(`${origin}/`)
    await page.evaluate(
      ([url, word]) => {
        const socket = new WebSocket(url!, ['qres', word!])
        socket.onmessage = (message) => (window as unknown as { onHeard: (text: string) => void }).onHeard(message.data)
      },
      [`${origin.replace('http', 'ws')}/ws/orders`, token],
    )
    await listener.wait('connected')
    return listener
  }

  async wait(type: string, fits: (event: Heard) => boolean = () => true): Promise<Heard> {
    return vi.waitFor(
      () => {
        const found = this.heard.find((event) => event.type === type && fits(event))
        if (!found) throw new Error(`no ${type} was heard, only ${this.heard.map((event) => event.type).join(', ')}`)
        return found
      },
      { timeout: 10_000 },
    )
  }
}
