// The owner makes a happy hour; a guest's open page and a waiter's picker change at its edge without a reload; the bill
// and the report say what it cost.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, openBrowser, openPage, PHONE, shot, TABLET } from './browser'
import { openSection } from './owner'
import { openTable, pane, signIn } from './pad'

const SIZES = [PHONE, { width: 768, height: 1024 }, TABLET]
/** Long enough to open a page, short enough to wait for. */
const SOON = 25_000

let box: Box
let browser: Browser
let admin: Person
let dish: { id: number; name: string; price: string }
let tables: { id: number; number: number; qr_code: string }[]

interface MenuReply {
  categories: { dishes: { id: number; name: string; variations: { price: string; list_price?: string }[] }[] }[]
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
  const menu = await box.call<MenuReply>('GET', '/dishes/menu', null)
  const found = menu.categories.flatMap(({ dishes }) => dishes).find(({ variations }) => variations.length === 1)!
  dish = { id: found.id, name: found.name, price: found.variations[0]!.price }
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

async function everySize(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const viewport of SIZES) {
      await page.setViewportSize(viewport)
      await shot(page, `prices-${name}-${viewport.width}-${colorScheme}`)
      await expectAccessible(page, `prices, ${name}, ${viewport.width}, ${colorScheme}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(TABLET)
}

test('the owner writes hours and a list by the keyboard, and sees them as a week', async () => {
  const { page, complaints } = await openSection(browser, box, 'prices')
  await page.getByText('Прайс-листов нет').waitFor()
  await page.getByRole('tab', { name: 'Часы', exact: true }).click()
  await page.getByRole('button', { name: 'Добавить часы' }).focus()
  await page.keyboard.press('Enter')
  const period = page.getByRole('dialog', { name: 'Новые часы' })
  await period.getByLabel('Название').fill('Ночь')
  for (const day of ['пн', 'вт', 'ср', 'чт']) await period.getByRole('button', { name: day }).click()
  await period.getByLabel('С', { exact: true }).fill('22:00')
  await period.getByLabel('До', { exact: true }).fill('03:00')
  await everySize(page, 'period-ru')
  await period.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByRole('cell', { name: 'пт 22:00–03:00' }).waitFor()
  await everySize(page, 'periods-ru')

  await page.getByRole('tab', { name: 'Прайс-листы' }).click()
  await page.getByRole('button', { name: 'Добавить прайс-лист' }).click()
  const form = page.getByRole('dialog', { name: 'Новый прайс-лист' })
  await form.getByLabel('Название').fill('Ночное меню')
  await form.getByLabel('Сколько').fill('15')
  await form.getByLabel('Часы').selectOption({ label: 'Ночь' })
  await form.getByLabel('Округлять до').fill('10')
  await everySize(page, 'list-ru')
  await form.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByRole('cell', { name: 'Всё меню −15 %' }).waitFor()
  await page.getByRole('button', { name: 'Ночное меню, пятница 22:00–24:00' }).waitFor()
  await page.getByRole('button', { name: 'Ночное меню, суббота 00:00–03:00' }).waitFor()
  await everySize(page, 'week-ru')

  await page.getByRole('tab', { name: 'Что видит гость' }).click()
  await page.getByLabel('День').fill('2031-01-03')
  await page.getByLabel('Время').fill('23:00')
  await page.getByText(/^вместо/).first().waitFor()
  await everySize(page, 'preview-ru')
  await page.getByLabel('Время').fill('12:00')
  await page.getByText(/^вместо/).first().waitFor({ state: 'detached' })

  await page.getByRole('tab', { name: 'Когда в меню' }).click()
  await page.getByText('Всё в меню всегда').waitFor()
  expect(complaints).toEqual([])
  const english = await openSection(browser, box, 'prices', { locale: 'en-GB' })
  await english.page.getByRole('button', { name: 'Ночное меню, Friday 22:00–24:00' }).waitFor()
  await everySize(english.page, 'week-en')
}, 120_000)

/** A happy hour from the next whole minute on; says when that is. */
async function happyHourSoon(): Promise<Date> {
  let edge = new Date(Math.ceil((Date.now() + SOON) / 60_000) * 60_000)
  if (edge.getTime() - Date.now() < SOON) edge = new Date(edge.getTime() + 60_000)
  const { timezone } = await box.call<{ timezone: string }>('GET', '/restaurant', null)
  const time = (at: Date) => at.toLocaleTimeString('sv-SE', { timeZone: timezone }).slice(0, 5)
  const period = await admin.post<{ id: number }>('/periods', {
    name: 'Счастливые часы',
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    time_from: time(edge),
    time_to: time(new Date(edge.getTime() + 3 * 3_600_000)),
  })
  await admin.post('/price-lists', {
    name: 'Счастливые часы',
    period_id: period.id,
    priority: 10,
    prices: [{ scope: 'DISH', target_id: dish.id, kind: 'SET', amount: '77.00' }],
  })
  return edge
}

test('a guest and a waiter see the price change at the edge, and the report says what it cost', async () => {
  const edge = await happyHourSoon()
  const table = tables.find(({ number }) => number === 5)!
  const guest = await openPage(browser, box.origin, { viewport: PHONE })
  await guest.page.goto(`${box.origin}/menu/${encodeURIComponent(table.qr_code)}`)
  const row = guest.page.locator('li.dish', { hasText: dish.name }).first()
  await row.waitFor()
  expect(await row.innerText()).not.toContain('77')
  const waiter = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  await openTable(waiter.page, 6)
  await pane(waiter.page, 6).getByRole('button', { name: 'Добавить' }).click()
  await waiter.page.getByLabel('Найти блюдо').fill(dish.name)
  await waiter.page.getByRole('region', { name: 'Меню' }).getByText(dish.name).first().waitFor()

  const left = edge.getTime() - Date.now()
  await expect.poll(() => row.innerText(), { timeout: left + 15_000 }).toContain('77')
  const offered = waiter.page.getByRole('region', { name: 'Меню' })
  await expect.poll(() => offered.innerText()).toContain('77')
  await shot(guest.page, 'prices-guest-after')
  await shot(waiter.page, 'prices-waiter-after')

  const order = await admin.post<{ id: number; total_price: string }>('/orders/', {
    table_id: tables.find(({ number }) => number === 6)!.id,
    items: [{ dish_id: dish.id, quantity: 2 }],
  })
  expect(order.total_price).toBe('154.00')
  await pane(waiter.page, 6).getByRole('button', { name: 'Счёт', exact: true }).click()
  await waiter.page.getByRole('region', { name: 'Счёт 1', exact: true }).getByText('154').first().waitFor()
  await waiter.page.getByText(/^77\s₽ вместо/).waitFor()
  await shot(waiter.page, 'prices-bill')
  const methods = await admin.get<{ payment_methods: { id: number }[] }>('/payment-methods')
  await admin.post(`/orders/${order.id}/complete-payment`, {
    payment_method_id: methods.payment_methods[0]!.id,
    expected_total: '154.00',
  })
  const { page, complaints } = await openSection(browser, box, 'reports')
  await page.getByRole('tab', { name: 'Прайс-листы' }).click()
  const off = String(2 * (Number(dish.price) - 77))
  await page.getByRole('table').getByText('Счастливые часы').waitFor()
  await expect.poll(async () => (await page.getByRole('table').innerText()).replaceAll(/\s/g, '')).toContain(off.replace('.', ','))
  expect(complaints).toEqual([])
}, 240_000)
