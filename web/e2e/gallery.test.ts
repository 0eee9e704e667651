// Every page in every size, language and light, as one looks at it: pictures in the artefacts, a scan for
// accessibility by day and by night, and nothing wider than its screen. What the apps show in the middle of their work
// is pictured by their own tests.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, WALL } from './browser'
import { signInAs } from './owner'

const SIZES = [
  ['phone', PHONE],
  ['tablet', TABLET],
  ['wall', WALL],
] as const
const LOOKS = [
  ['ru-RU', 'light'],
  ['en-GB', 'dark'],
  ['ru-RU', 'dark'],
  ['en-GB', 'light'],
] as const

let box: Box
let browser: Browser
let admin: Person
let codes: string[]

beforeAll(async () => {
  box = await Box.demo({}, 20)
  browser = await openBrowser()
  admin = await box.signIn('admin')
  codes = (await admin.get<{ tables: { qr_code: string }[] }>('/tables/')).tables.map((table) => table.qr_code)
  const guest = await box.call<{ token: string }>('POST', '/guest/session', null, { qr_code: codes[1] })
  const { categories } = await box.call<{ categories: { dishes: { id: number }[] }[] }>('GET', '/dishes/menu', null)
  const items = categories.slice(0, 4).map(({ dishes }) => ({ dish_id: dishes[0]!.id, quantity: 1 }))
  await box.call('POST', '/guest/orders', guest.token, { items })
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

/** The page as it is now, in every size. */
async function everySize(page: Page, name: string, look: string, isScanned: boolean): Promise<void> {
  for (const [size, viewport] of SIZES) {
    await page.setViewportSize(viewport)
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    await shot(page, `all-${name}-${size}-${look}`)
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(overflow, `${name} is no wider than a ${size}`).toBeLessThanOrEqual(0)
    if (isScanned && viewport !== WALL) await expectAccessible(page, `${name}, ${size}, ${look}`)
  }
}

describe.each(LOOKS)('%s, %s', (locale, colorScheme) => {
  const look = `${locale.slice(0, 2)}-${colorScheme}`
  // Contrast goes by the light, the rest is the same in either language; a wall has the laptop's layout.
  const isScanned = look === 'ru-light' || look === 'en-dark'

  test('for everybody: the first page, the menu, a table, the trust page, the sign-ins', async () => {
    const { page, complaints } = await openPage(browser, box.origin, { locale, colorScheme })
    for (const [name, path, sign] of [
      ['home', '/', 'h1'],
      ['guest-menu', '/menu', '.dish'],
      ['guest-table', `/menu/${encodeURIComponent(codes[1]!)}`, '[data-status]'],
      ['trust', '/trust', 'h1'],
      ['kitchen-sign-in', '/app/kitchen', '.person'],
      ['waiter-sign-in', '/app/waiter', '.person'],
    ] as const) {
      await page.goto(box.origin + path)
      await page.locator(sign).first().waitFor()
      await page.waitForLoadState('networkidle')
      await everySize(page, name, look, isScanned)
    }
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('the owner: every section', async () => {
    const { page, complaints } = await openPage(browser, box.origin, { locale, colorScheme, viewport: LAPTOP })
    await page.goto(`${box.origin}/app/admin`)
    await page.getByLabel(/Пароль|Password/).waitFor()
    await everySize(page, 'admin-sign-in', look, isScanned)
    await signInAs(page, 'admin')
    await page.locator('nav a').first().waitFor()
    await page.setViewportSize(LAPTOP)
    const sections = await page.locator('nav a').evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname))
    expect(sections.length).toBeGreaterThanOrEqual(10)
    for (const path of sections) {
      await page.setViewportSize(LAPTOP)
      await page.locator(`nav a[href="${path}"]`).first().click()
      await page.waitForLoadState('networkidle')
      await page.getByText(/^(Загружаем…|Loading…)$/).waitFor({ state: 'detached' })
      await everySize(page, `admin${path.replace('/app/admin', '').replace('/', '-') || '-today'}`, look, isScanned)
    }
    expect(complaints).toEqual([])
    await page.context().close()
  }, 180_000)
})
