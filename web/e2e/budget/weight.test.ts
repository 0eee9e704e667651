// What each page weighs on the wire before its user can do anything: its HTML, scripts and styles as the box sends
// them (gzip). Photos do not count.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box } from '../box'
import { openBrowser } from '../browser'

let box: Box
let browser: Browser

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

const KB = 1000

/** The guests' limit is the promise to old phones; the staff's are a fence against growing unseen. */
const pages = [
  { path: '/menu', limit: 60 * KB },
  { path: '/app/kitchen', limit: 90 * KB },
  { path: '/app/waiter', limit: 110 * KB },
  { path: '/app/admin', limit: 130 * KB },
  { path: '/', limit: 60 * KB },
]

test.each(pages)('$path', async ({ path, limit }) => {
  const page = await browser.newPage()
  const counted: { what: string; bytes: number }[] = []
  const sizes: Promise<void>[] = []
  page.on('requestfinished', (request) => {
    const kind = request.resourceType()
    if (!['document', 'script', 'stylesheet'].includes(kind)) return
    sizes.push(request.sizes().then(({ responseBodySize }) => void counted.push({ what: kind, bytes: responseBodySize })))
  })
  await page.goto(box.origin + path, { waitUntil: 'load' })
  await page.waitForLoadState('networkidle')
  await Promise.all(sizes)
  await page.close()

  const kinds = ['document', 'script', 'stylesheet']
  const sum = (kind: string) => counted.filter(({ what }) => what === kind).reduce((all, { bytes }) => all + bytes, 0)
  const total = kinds.reduce((all, kind) => all + sum(kind), 0)
  const written = kinds.map((kind) => `${kind} ${(sum(kind) / KB).toFixed(1)}`).join(', ')
  console.log(`${path.padEnd(14)} ${(total / KB).toFixed(1)} of ${limit / KB} KB (${written})`)
  expect(sum('document')).toBeGreaterThan(0)
  expect(sum('script')).toBeGreaterThan(0)
  expect(total).toBeLessThanOrEqual(limit)
})
