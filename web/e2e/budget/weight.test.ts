// What each page weighs on the wire before its user can do anything: its HTML, scripts, styles and data as the box
// sends them (gzip). Photos do not count.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box } from '../box'
import { openBrowser } from '../browser'
import { DISHES, GROUPS, lengthenMenu } from './long-menu'

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
  { path: '/app/waiter', limit: 120 * KB },
  { path: '/app/admin', limit: 130 * KB },
  { path: '/', limit: 60 * KB },
  { path: '/reserve', limit: 60 * KB },
]

interface Weighed {
  total: number
  /** in KB, kind by kind */
  written: string
}

async function weigh(path: string, locale = 'ru-RU'): Promise<Weighed> {
  const page = await browser.newPage({ locale })
  const counted: { what: string; bytes: number }[] = []
  const sizes: Promise<void>[] = []
  page.on('requestfinished', (request) => {
    const kind = request.resourceType()
    if (!['document', 'script', 'stylesheet', 'fetch', 'xhr'].includes(kind)) return
    sizes.push(request.sizes().then(({ responseBodySize }) => void counted.push({ what: kind, bytes: responseBodySize })))
  })
  await page.goto(box.origin + path, { waitUntil: 'load' })
  await page.waitForLoadState('networkidle')
  await Promise.all(sizes)
  await page.close()
  const kinds = [...new Set(counted.map(({ what }) => what))]
  const sum = (kind: string) => counted.filter(({ what }) => what === kind).reduce((all, { bytes }) => all + bytes, 0)
  expect(sum('document')).toBeGreaterThan(0)
  expect(sum('script')).toBeGreaterThan(0)
  return {
    total: kinds.reduce((all, kind) => all + sum(kind), 0),
    written: kinds.map((kind) => `${kind} ${(sum(kind) / KB).toFixed(1)}`).join(', '),
  }
}

test.each(pages)('$path', async ({ path, limit }) => {
  const { total, written } = await weigh(path)
  console.log(`${path.padEnd(14)} ${(total / KB).toFixed(1)} of ${limit / KB} KB (${written})`)
  expect(total).toBeLessThanOrEqual(limit)
})

test('a guest opens a menu of 200 dishes with 60 groups of options at a table, in either language, for no more', async () => {
  const admin = await box.signIn('admin')
  await lengthenMenu(box, admin)
  const { tables } = await admin.get<{ tables: { qr_code: string }[] }>('/tables/')
  const whole = await fetch(`${box.origin}/dishes/menu`)
  type Menu = { categories: { dishes: unknown[] }[]; modifier_groups: unknown[] }
  const { categories, modifier_groups } = (await whole.json()) as Menu
  expect(modifier_groups.length).toBe(GROUPS)
  expect(categories.reduce((sum, { dishes }) => sum + dishes.length, 0)).toBe(DISHES)
  for (const locale of ['ru-RU', 'en-GB']) {
    const { total, written } = await weigh(`/menu/${encodeURIComponent(tables[0]!.qr_code)}`, locale)
    const what = `${DISHES} dishes, ${locale.slice(0, 2)}`
    console.log(`${what.padEnd(14)} ${(total / KB).toFixed(1)} of 60 KB (${written})`)
    expect(total).toBeLessThanOrEqual(60 * KB)
  }
})
