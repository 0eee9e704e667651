// Tablets: the admin shows a code, a tablet is paired and takes a PIN, the admin cuts it off.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box } from './box'
import { expectAccessible, openBrowser, openPage, PHONE, shot, TABLET } from './browser'

let box: Box
let browser: Browser

beforeAll(async () => {
  box = await Box.demo({ QRES_PIN_NEEDS_DEVICE: 'true' })
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

/** Enters a PIN for the first waiter of the list. */
async function enterPin(page: Page, pin: string): Promise<void> {
  await page.locator('.person').first().click()
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click()
  await page.getByRole('button', { name: /^(Войти|Sign in)$/ }).click()
}

async function lookedAt(page: Page, name: string): Promise<void> {
  await shot(page, `devices-${name}`)
  await expectAccessible(page, `devices, ${name}`)
}

const SCREENS = [
  ['tablet', { viewport: TABLET, colorScheme: 'light' }],
  ['phone', { viewport: PHONE, locale: 'en-GB', colorScheme: 'dark' }],
] as const

test.for(SCREENS)('a tablet is paired, takes a PIN, and is cut off: %s', async ([size, options]) => {
  const name = size === 'tablet' ? 'Бар' : 'Terrace'
  const office = await openPage(browser, box.origin, options)
  await office.page.goto(`${box.origin}/app/admin/devices`)
  await office.page.getByLabel(/Имя для входа|User name/).fill('admin')
  await office.page.getByLabel(/Пароль|Password/).fill('admin')
  await office.page.getByRole('button', { name: /^(Войти|Sign in)$/ }).click()
  await office.page.getByText(/Ни один планшет|No tablet/).waitFor()
  await lookedAt(office.page, `${size}-none`)

  const tablet = await openPage(browser, box.origin, options)
  await tablet.page.goto(`${box.origin}/app/waiter`)
  await tablet.page.getByText(/ещё не подключён|not paired yet/).waitFor()
  await lookedAt(tablet.page, `${size}-unpaired`)

  const offered = office.page.waitForResponse('**/devices/pairing')
  await office.page.getByRole('button', { name: /Подключить планшет|Add a tablet/ }).click()
  const { url, code } = (await (await offered).json()) as { url: string; code: string }
  await office.page.getByText(code, { exact: true }).waitFor()
  await office.page.getByText(/ещё (10:00|9:5\d)|for (10:00|9:5\d)/).waitFor()
  await lookedAt(office.page, `${size}-code`)

  expect(new URL(url).hash).toBe(`#pair=${code}`)
  await tablet.page.goto(`${box.origin}/app/waiter${new URL(url).hash}`)
  await tablet.page.getByLabel(/Как назвать|called/).fill(name)
  await lookedAt(tablet.page, `${size}-pairing`)
  await tablet.page.getByRole('button', { name: /^(Подключить|Pair)$/ }).click()
  await tablet.page.waitForURL((now) => now.hash === '')
  await tablet.page.getByText(name).waitFor()
  await lookedAt(tablet.page, `${size}-paired`)
  await office.page.getByText(/✓ (Подключено|.* is paired)/).waitFor()
  expect(await office.page.getByRole('dialog').count()).toBe(0)

  // The same link again, on another device: it was used.
  const late = await openPage(browser, box.origin, options)
  await late.page.goto(`${box.origin}/app/kitchen${new URL(url).hash}`)
  await late.page.getByLabel(/Как назвать|called/).fill('X')
  await late.page.getByRole('button', { name: /^(Подключить|Pair)$/ }).click()
  await late.page.getByText(/старше десяти минут|older than ten minutes/).waitFor()
  await late.page.context().close()

  await enterPin(tablet.page, '1003')
  await tablet.page.getByText(/● (на связи|live)/).waitFor()
  await office.page.reload()
  await office.page.getByRole('cell', { name, exact: true }).waitFor()
  await lookedAt(office.page, `${size}-list`)

  await office.page.getByRole('button', { name: new RegExp(`: ${name}$`) }).click()
  await office.page.getByRole('menuitem', { name: /Отключить|Cut off/ }).click()
  await lookedAt(office.page, `${size}-cut-off`)
  await office.page.getByRole('dialog').getByRole('button', { name: /^(Отключить|Cut off)$/ }).click()
  await office.page.getByText(/✓ (Отключено|.* was cut off)/).waitFor()
  await tablet.page.getByText(/ещё не подключён|not paired yet/).waitFor()
  expect([...office.complaints, ...tablet.complaints]).toEqual([])
  await office.page.context().close()
  await tablet.page.context().close()
})
