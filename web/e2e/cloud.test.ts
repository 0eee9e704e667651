// The section of the cloud, with a real PostgreSQL behind it: well, in trouble, rows that are refused, a version of the
// head office; and the one word on staff screens.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box } from './box'
import { expectAccessible, openBrowser, openPage, PHONE, shot, TABLET } from './browser'
import { openSection, signInAs } from './owner'
import { Postgres } from './postgres'

interface Content {
  restaurant: Record<string, unknown>
  categories: { name: string; dishes: { name: string; variations: { price: string }[] }[] }[]
}

let postgres: Postgres
let box: Box
let browser: Browser

beforeAll(async () => {
  postgres = await Postgres.start()
  await postgres.qres('init')
  box = await Box.demo({ QRES_CLOUD: await postgres.qres('add-site', 'Trattoria') })
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
  await postgres?.close()
})

/** Some dish of the menu, to take away; what is said with it may not please the cloud. */
async function order(notes: string): Promise<void> {
  const waiter = await box.signIn('admin')
  const menu = await box.call<{ categories: { dishes: { id: number }[] }[] }>('GET', '/dishes/menu', null)
  const dish = menu.categories[0]!.dishes[0]!
  await waiter.post('/orders/', { order_type: 'TAKEAWAY', notes, items: [{ dish_id: dish.id, quantity: 1 }] })
}

test('a copy that is well; what the cloud does not take; and a cloud that is gone', async () => {
  const { page, complaints } = await openSection(browser, box, 'cloud')
  await page.getByText('● есть: 127.0.0.1').waitFor()
  await page.getByText('ничего', { exact: true }).waitFor()
  await expectAccessible(page, 'cloud, well')
  await shot(page, 'cloud-well-laptop')

  await postgres.sql(`ALTER TABLE qres.orders ADD CONSTRAINT no_spice CHECK (notes <> 'spicy')`)
  await order('spicy')
  await page.getByRole('heading', { name: 'Чего облако не приняло' }).waitFor()
  await page.getByText(/violates check constraint/).waitFor()
  await expectAccessible(page, 'cloud, refused')
  await shot(page, 'cloud-refused-laptop')
  await postgres.sql('ALTER TABLE qres.orders DROP CONSTRAINT no_spice')
  await page.getByRole('button', { name: 'Отправить снова' }).click()
  await page.getByRole('heading', { name: 'Чего облако не приняло' }).waitFor({ state: 'detached' })

  await postgres.stop()
  await order('while it is away')
  await page.getByText('◐ облако не отвечает').waitFor()
  await page.getByText(/Облако недоступно. Проверьте интернет/).waitFor()
  await expectAccessible(page, 'cloud, away')
  await shot(page, 'cloud-away-laptop')
  await postgres.run()
  await page.getByText('● есть: 127.0.0.1').waitFor({ timeout: 60_000 })
  expect(complaints).toEqual([])
})

test('a version of the head office is shown before it runs: on a phone, in English and dark', async () => {
  await order('still being eaten')
  const admin = await box.signIn('admin')
  const content = await admin.get<Content>('/export?format=json')
  const { restaurant, categories } = content
  categories[0]!.dishes[0]!.variations[0]!.price = '777.00'
  await postgres.publish({ restaurant: { ...restaurant, tax_percent: '20' }, categories })
  await order('a commit wakes the copy')
  const { page } = await openSection(browser, box, 'cloud', { viewport: PHONE, locale: 'en-GB', colorScheme: 'dark' })
  await page.getByText('The new version waits until no order is open.').waitFor()
  await page.getByText('777.00').waitFor()
  await expectAccessible(page, 'cloud, a version on a phone')
  await shot(page, 'cloud-version-phone-dark')
  await page.getByRole('button', { name: 'Apply now' }).click()
  await page.getByText('The new version waits until no order is open.').waitFor({ state: 'detached' })
  const known = await box.call<{ tax_percent: string }>('GET', '/restaurant', null)
  expect(known.tax_percent).toBe('20')
  await page.goto(`${box.origin}/app/admin/settings`)
  await page.getByLabel('Tax, %').waitFor()
  expect(await page.getByLabel('Tax, %').inputValue()).toBe('20')
  await expectAccessible(page, 'settings with a tax')
})

test('a box without a cloud says what one is for', async () => {
  const alone = await Box.demo()
  const { page } = await openSection(browser, alone, 'cloud', { viewport: TABLET })
  await page.getByRole('heading', { name: 'Облака нет' }).waitFor()
  await expectAccessible(page, 'cloud, none')
  await shot(page, 'cloud-none-tablet')
  await alone.close()
})

test.for([
  ['waiter', 'waiter', PHONE],
  ['kitchen', 'kitchen', TABLET],
  ['admin', 'admin', TABLET],
] as const)('a copy that is late for too long is one quiet line to staff: %s', async ([app, who, viewport]) => {
  const { page } = await openPage(browser, box.origin, { viewport })
  // What the box would say after two days, in its own heartbeat.
  await page.routeWebSocket(/\/ws\/orders/, (near) => {
    const far = near.connectToServer()
    far.onMessage((text) => {
      const event = JSON.parse(String(text)) as Record<string, unknown>
      const late = event.type === 'heartbeat' ? { cloud_late_since: '2026-11-20T10:00:00Z' } : {}
      near.send(JSON.stringify({ ...event, ...late }))
    })
  })
  await page.goto(`${box.origin}/app/${app}`)
  if (app !== 'admin') await page.getByRole('button', { name: 'Войти по паролю' }).click()
  await signInAs(page, who)
  const line = page.getByText('Копия в облаке отстаёт (с 20 нояб')
  await line.waitFor()
  expect(await line.evaluate((text) => text.scrollHeight - text.clientHeight), 'the line is whole').toBeLessThanOrEqual(0)
  // The line may be there before the page is.
  await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
  await expectAccessible(page, `cloud, late: ${app}`)
  await shot(page, `cloud-late-${app}`)
})
