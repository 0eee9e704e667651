// An owner looks at today, finds an order and what happened to it, and takes a report home.

import { readFile } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'
import type { Browser, BrowserContextOptions, Download, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'

let box: Box
let browser: Browser
let admin: Person
let waiter: Person

interface Order {
  id: number
  number: number
  total_price: string
  items: { id: number }[]
}

interface Menu {
  categories: { dishes: { id: number; name: string }[] }[]
}

beforeAll(async () => {
  box = await Box.demo({}, 70)
  browser = await openBrowser()
  admin = await box.signIn('admin')
  waiter = await box.signIn('waiter')
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

async function openAdmin(section: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const watched = await openPage(browser, box.origin, { viewport: LAPTOP, acceptDownloads: true, ...options })
  const { page } = watched
  await page.goto(`${box.origin}/app/admin/${section}`)
  await page.getByLabel(/Имя для входа|User name/).fill('admin')
  await page.getByLabel(/Пароль|Password/).fill('admin')
  await page.getByRole('button', { name: /^(Войти|Sign in)$/ }).click()
  return watched
}

/** "1 234,50 ₽" and "₽1,234.50" -> 123450 */
const minor = (text: string): number => {
  const digits = text.replace(/[^\d,.]/g, '')
  const [whole, fraction = ''] = /[.,]\d{2}$/.test(digits) ? [digits.slice(0, -3), digits.slice(-2)] : [digits]
  return Number(whole!.replace(/\D/g, '') + fraction.padEnd(2, '0'))
}

const dish = async (place: number): Promise<number> => {
  const menu = await box.call<Menu>('GET', '/dishes/menu', null)
  return menu.categories.flatMap(({ dishes }) => dishes)[place]!.id
}

async function takeaway(place: number, quantity: number): Promise<Order> {
  const items = [{ dish_id: await dish(place), quantity }]
  return waiter.post<Order>('/orders', { order_type: 'TAKEAWAY', customer_name: 'Анна Каренина', items })
}

async function pay(order: Order): Promise<void> {
  const methods = await waiter.get<{ id: number }[]>('/payment-methods/active')
  await waiter.post(`/orders/${order.id}/complete-payment`, { payment_method_id: methods[0]!.id })
}

/** The revenue that stands on the page of today. */
const revenue = async (page: Page): Promise<number> => minor((await page.locator('.big').textContent())!)

test('today is the sum of what was made today, and grows while one looks', async () => {
  const { page, complaints } = await openAdmin('today')
  await page.locator('.big').first().waitFor()
  expect(await revenue(page)).toBe(0)
  // screens-1, 26: six "0 ₽" stood at the axis of a day without money.
  const marks = await page.locator('.sales svg text[text-anchor="end"].mark').allTextContents()
  // After midnight the day's first hour is a mark that ends there too: “0:00” is no money.
  expect(marks.filter((mark) => /^0\s*₽/.test(mark))).toHaveLength(1)

  const orders = [await takeaway(0, 2), await takeaway(1, 1), await takeaway(2, 3)]
  for (const order of orders) await pay(order)
  const open = await takeaway(3, 1)
  const sum = orders.reduce((total, order) => total + minor(order.total_price), 0)
  await expect.poll(() => revenue(page)).toBe(sum)
  expect(minor(open.total_price)).toBeGreaterThan(0)
  await page.getByText('ещё не оплачено').waitFor()
  expect(minor((await page.getByText('ещё не оплачено').textContent())!)).toBe(minor(open.total_price))
  await page.getByText(/^[45] открыт/).waitFor()
  await expectAccessible(page, 'admin, today')
  expect(complaints).toEqual([])
})

// screens-1, 26: at 390 today could be pushed sideways.
test('today is no wider than its screen', async () => {
  for (const locale of ['ru-RU', 'en-GB']) {
    const { page } = await openAdmin('today', { locale })
    await page.locator('.big').first().waitFor()
    for (const width of [390, 768, 1024]) {
      await page.setViewportSize({ width, height: 844 })
      const over = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      await expect.poll(over, { message: `${locale} at ${width}` }).toBe(0)
      await shot(page, `today-${width}-${locale.slice(0, 2)}`)
    }
    await page.context().close()
  }
})

test('an order is found, its history says who did what, and its money is given back', async () => {
  const order = await takeaway(4, 1)
  await pay(order)
  const { page, complaints } = await openAdmin('orders')
  await page.getByLabel('Номер или гость').fill('каренина')
  await page.getByRole('status').filter({ hasText: /^5 заказов/ }).waitFor()
  await shot(page, 'orders-found')
  await expectAccessible(page, 'admin, orders')
  // Screens 26: a click anywhere in the row opens it.
  await page.getByRole('row').filter({ hasText: `Заказ ${order.number}` }).first().getByRole('cell').nth(2).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByText('Заказ сделан').waitFor()
  await sheet.getByText(/^Оплачено/).waitFor()
  await expectAccessible(page, 'admin, an order')
  await shot(page, 'order-laptop')
  await sheet.getByRole('button', { name: 'Вернуть деньги' }).click()
  await sheet.getByLabel(/Причина/).fill('Остыло')
  await expectAccessible(page, 'admin, a refund')
  await shot(page, 'order-refund')
  await sheet.getByRole('button', { name: 'Вернуть деньги' }).click()
  await page.getByText('Возврат записан').waitFor()
  await sheet.getByText('Причина: Остыло').waitFor()
  const { entries } = await admin.get<{ entries: { what: string; actor_name: string | null; reason: string | null }[] }>(
    `/orders/${order.id}/history`,
  )
  const refunded = entries.find(({ what }) => what === 'refunded')
  expect(refunded).toMatchObject({ reason: 'Остыло' })
  const placed = entries.find(({ what }) => what === 'placed')
  expect(placed!.actor_name).not.toBe(refunded!.actor_name)
  for (const name of [placed!.actor_name!, refunded!.actor_name!]) await sheet.getByText(name).first().waitFor()
  expect(complaints).toEqual([])
})

/** The files in a zip, by their name. */
function unzip(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>()
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [packed, nameLength, extra, comment] = [20, 28, 30, 32].map((offset) =>
      offset === 20 ? bytes.readUInt32LE(at + offset) : bytes.readUInt16LE(at + offset),
    ) as [number, number, number, number]
    const local = bytes.readUInt32LE(at + 42)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const body = bytes.subarray(start, start + packed)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    files.set(name, (bytes.readUInt16LE(at + 10) === 0 ? body : inflateRawSync(body)).toString('utf8'))
    at += 46 + nameLength + extra + comment
  }
  return files
}

async function downloaded(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download') as Promise<Download>,
    page.getByRole('button', { name: button }).click(),
  ])
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
}

test('a report is chosen, compared, and opens as CSV and as a workbook', async () => {
  const { page, complaints } = await openAdmin('reports')
  await page.getByRole('img', { name: /Выручка/ }).waitFor()
  await page.getByLabel('Дни').selectOption('lastMonth')
  await page.getByRole('tab', { name: 'Блюда' }).click()
  const table = page.getByRole('region', { name: 'Блюда' })
  await table.waitFor()
  await expectAccessible(page, 'admin, a report of dishes')
  const first = await table.locator('tbody th').first().textContent()
  const total = minor((await table.locator('tfoot td').first().textContent())!.split('было')[0]!)

  const csv = await downloaded(page, 'Скачать CSV')
  expect(csv.name).toMatch(/^dishes_\d{4}-\d\d-01_\d{4}-\d\d-\d\d\.csv$/)
  const lines = csv.bytes.toString('utf8').trimEnd().split('\n')
  expect(lines[0]).toMatch(/^\uFEFFБлюдо;Выручка;/)
  expect(lines[1]).toContain(first!)
  expect(minor(lines.at(-1)!.split(';')[1]!)).toBe(total)

  const xlsx = await downloaded(page, 'Скачать Excel')
  const files = unzip(xlsx.bytes)
  expect(files.get('xl/sharedStrings.xml')).toContain(first!)
  expect(files.get('xl/worksheets/sheet1.xml')).not.toContain('<f>')
  expect(complaints).toEqual([])
})

const LOOKS = [
  ['laptop-light-ru', LAPTOP, 'ru-RU', 'light'],
  ['laptop-dark-en', LAPTOP, 'en-GB', 'dark'],
  ['tablet-dark-ru', TABLET, 'ru-RU', 'dark'],
  ['phone-light-en', PHONE, 'en-GB', 'light'],
  ['phone-dark-ru', PHONE, 'ru-RU', 'dark'],
] as const

interface Check {
  id: number
  version: number
  due: string
  lines: { id: number }[]
}

/** A bill with a dish on the house, a discount, a service charge, a tax in it, and a tip. */
async function richBill(): Promise<void> {
  await box.call('PATCH', '/restaurant', admin.token, { tax_percent: '20' })
  const items = [0, 1, 2].map(async (place) => ({ dish_id: await dish(place), quantity: 2 }))
  const order = await waiter.post<Order>('/orders', { order_type: 'TAKEAWAY', items: await Promise.all(items) })
  const check = async () =>
    (await box.call<{ checks: Check[] }>('GET', `/orders/${order.id}/checks`, admin.token)).checks[0]!
  const adjust = async (what: object) => {
    const { id, version } = await check()
    await admin.post(`/checks/${id}/adjustments`, { version, reason: 'cold', ...what })
  }
  await adjust({ kind: 'comp', line_id: (await check()).lines[0]!.id })
  await adjust({ kind: 'percent', value: '10' })
  await adjust({ kind: 'service_percent', value: '12.5' })
  const methods = await waiter.get<{ id: number }[]>('/payment-methods/active')
  const { id, due } = await check()
  const paid = { method_id: methods[0]!.id, amount: due, tip: '100.00', expected_due: due }
  await waiter.post(`/checks/${id}/payments`, paid)
}

test('a report tells of discounts, taxes and tips where there are some', async () => {
  const headings = async (page: Page) => page.locator('thead th').allTextContents()
  const rare = /налог|скидки|за счёт заведения|сервисный сбор|чаевые|tax|discounts|on the house|service charge|tips/i
  const { page, complaints } = await openAdmin('reports')
  await page.locator('tfoot').waitFor()
  expect((await headings(page)).filter((heading) => rare.test(heading))).toEqual([])
  await richBill()
  for (const [name, viewport, locale, colorScheme] of LOOKS) {
    const { page, complaints } = await openAdmin('reports', { viewport, locale, colorScheme })
    await page.locator('tfoot').waitFor()
    expect((await headings(page)).filter((heading) => rare.test(heading))).toHaveLength(6)
    // The first head is of the days; below it stands no figure.
    const tips = page.locator('tfoot td').nth((await headings(page)).findIndex((heading) => /чаевые|tips/i.test(heading)) - 1)
    expect(await tips.textContent()).toMatch(/100/)
    await tips.scrollIntoViewIfNeeded()
    await expectAccessible(page, `a report with all columns, ${name}`)
    await shot(page, `report-rich-${name}`)
    expect(complaints, name).toEqual([])
    await page.context().close()
  }
  expect(complaints).toEqual([])
}, 120_000)

test('every section is readable on every screen, by light and by lamplight', async () => {
  for (const [name, viewport, locale, colorScheme] of LOOKS) {
    const { page, complaints } = await openAdmin('today', { viewport, locale, colorScheme })
    await page.locator('.big').waitFor()
    await expectAccessible(page, `today, ${name}`)
    await shot(page, `today-${name}`)
    await page.getByRole('link', { name: /^(Заказы|Orders)$/ }).click()
    await page.getByRole('button', { name: /^(Заказ|Order) \d+$/ }).first().waitFor()
    await expectAccessible(page, `orders, ${name}`)
    await shot(page, `orders-${name}`)
    await page.getByRole('button', { name: /^(Заказ|Order) \d+$/ }).last().click()
    await page.getByRole('dialog').locator('ol li').first().waitFor()
    await expectAccessible(page, `an order, ${name}`)
    await shot(page, `order-${name}`)
    await page.keyboard.press('Escape')
    const reports = page.getByRole('link', { name: /^(Отчёты|Reports)$/ })
    if (!(await reports.isVisible())) await page.getByRole('button', { name: /^(Ещё|More)$/ }).click()
    await reports.click()
    await page.getByLabel(/^(Дни|Days)$/).selectOption('month')
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      await expect.poll(() => tab.getAttribute('data-state')).toBe('active')
      await page.locator('tfoot, .empty').first().waitFor()
      const kind = await tab.textContent()
      await expectAccessible(page, `report by ${kind}, ${name}`)
      await shot(page, `report-${kind}-${name}`)
    }
    expect(complaints, name).toEqual([])
    await page.context().close()
  }
}, 300_000)
