// A browser that reports what no page of ours may do: call other hosts, fail in a script, break the content policy.

import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect } from 'vitest'

const artefacts = fileURLToPath(new URL('./artefacts/', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

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

/** A picture that the box made, to look at. */
export async function keep(name: string, png: Buffer): Promise<void> {
  await mkdir(artefacts, { recursive: true })
  await writeFile(`${artefacts}${name}.png`, png)
}

interface Violation {
  id: string
  nodes: { html: string }[]
}

/** Waits for what a guest's page fetches with the first touch: without a link it would not come. */
export const restOfGuestsPage = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => /\/later-/.test(name)))

/** Fails with the rule and the first elements when the page is not accessible. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))))
  // Evaluated by the debugger, so the page's content policy stays as it is; once a page, it is half a megabyte.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe)
  // Only what breaks a rule is described in full: that is most of its time.
  const found = (await page.evaluate("axe.run({ resultTypes: ['violations'] }).then((result) => result.violations)")) as Violation[]
  const told = found.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).slice(0, 3).join(' | ')}`)
  expect(told, `accessibility of ${name}`).toEqual([])
}

/** The same moment in every size and light: it fits, and it is readable. The page is as before then. */
export async function everySize(page: Page, name: string, sizes: { width: number; height: number }[]): Promise<void> {
  const before = page.viewportSize()!
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const viewport of sizes) {
      await page.setViewportSize(viewport)
      await shot(page, `${name}-${viewport.width}-${colorScheme}`)
      await expectAccessible(page, `${name}, ${viewport.width}, ${colorScheme}`)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${name} at ${viewport.width}`).toBeLessThanOrEqual(0)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(before)
}

/** Keeps the pitch of every tone that the page plays from its next load on: a headless browser is heard by nobody. */
export async function hearTones(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: number[] = []
    Object.assign(window, { tones: heard })
    const Real = window.OscillatorNode
    window.OscillatorNode = class extends Real {
      constructor(audio: BaseAudioContext, options?: OscillatorOptions) {
        super(audio, options)
        heard.push(options?.frequency ?? 0)
      }
    }
  })
}

/** What was heard since they were last forgotten. */
export const tones = (page: Page): Promise<number[]> =>
  page.evaluate(() => (window as unknown as { tones: number[] }).tones)

export const forgetTones = (page: Page): Promise<number> =>
  page.evaluate(() => ((window as unknown as { tones: number[] }).tones.length = 0))
