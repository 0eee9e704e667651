// One evening: a guest orders, a waiter confirms, the kitchen cooks, the waiter serves and takes the payment.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, Listener, openBrowser, openPage, PHONE, shot, WALL, type Watched } from './browser'

interface Table {
  id: number
  number: number
  qr_code: string
  is_occupied: boolean
}

interface Order {
  id: number
  items: { id: number; dish_name: string; status: string; quantity: number; variation_name: string | null }[]
}

let box: Box
let browser: Browser
let admin: Person
let waiter: Person
let table: Table
let guest: Watched
let kitchen: Watched
let listener: Listener
let orderId: number

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  waiter = await box.signIn('waiter')
  const { tables } = await admin.get<{ tables: Table[] }>('/tables/')
  table = tables.find((t) => !t.is_occupied)!
  listener = await Listener.connect(browser, box.origin, waiter.token)
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

const order = async (): Promise<Order> => (await admin.get<Order[]>(`/orders/active/table/${table.id}`))[0]!

test('the cook signs in by PIN and finds an empty wall', async () => {
  kitchen = await openPage(browser, box.origin, { viewport: WALL })
  await kitchen.page.goto(`${box.origin}/app/kitchen`)
  await kitchen.page.getByRole('button', { name: 'Георгий Кахидзе' }).click()
  for (const digit of '1004') await kitchen.page.getByRole('button', { name: digit, exact: true }).click()
  await kitchen.page.getByRole('button', { name: 'Войти', exact: true }).click()
  await kitchen.page.getByText('Заказов нет').waitFor()
  await kitchen.page.getByText('● на связи').waitFor()
})

test('a guest orders two dishes, one of them in a chosen size, and reloads on the way', async () => {
  guest = await openPage(browser, box.origin, { viewport: PHONE, hasTouch: true, isMobile: true })
  const { page } = guest
  await page.goto(`${box.origin}/menu/${encodeURIComponent(table.qr_code)}`)
  await page.getByText(`Стол ${table.number}`).waitFor()

  await page.getByRole('button', { name: /^Маргарита/ }).click()
  await page.getByRole('radio', { name: /35 см/ }).check()
  await page.getByLabel('Пожелание к блюду').fill('без базилика')
  await page.getByRole('button', { name: /^Добавить ·/ }).click()
  await page.getByLabel('Найти блюдо').fill('карбонара')
  await page.getByRole('button', { name: /^Добавить: Паста карбонара/ }).click()

  await page.reload()
  await page.getByRole('button', { name: /^Заказ · 2 блюда/ }).click()
  await page.getByRole('button', { name: /^Заказать ·/ }).click()
  await page.getByText('ждёт официанта').first().waitFor()
  expect(await page.locator('[data-status="NEW"]').count()).toBe(2)

  const placed = await order()
  orderId = placed.id
  expect(placed.items.map((item) => item.dish_name).sort()).toEqual(['Маргарита', 'Паста карбонара'])
  expect(placed.items.find((item) => item.dish_name === 'Маргарита')!.variation_name).toBe('35 см')
})

test('the waiter hears of it, and the kitchen does not see it yet', async () => {
  await listener.wait('order_created', (event) => event.order_id === orderId)
  expect(await kitchen.page.locator('article').count()).toBe(0)
})

test('confirmed by the waiter, it stands on the wall at once and the guest reads so', async () => {
  const { items } = await order()
  await waiter.post(`/kitchen/orders/${orderId}/send-to-kitchen`, items.map((item) => item.id))
  const ticket = kitchen.page.getByRole('article', { name: `Стол ${table.number}` })
  await ticket.waitFor({ timeout: 3000 })
  await ticket.getByText('без базилика').waitFor()
  await shot(kitchen.page, 'journey-kitchen-new')
  await expectAccessible(kitchen.page, 'kitchen board')
  await expect.poll(() => guest.page.locator('[data-status="NEW"]').count()).toBe(0)
})

test('the cook taps one line, calls it back, and finishes the ticket; the waiter is told', async () => {
  const { page } = kitchen
  const ticket = page.getByRole('article', { name: `Стол ${table.number}` })
  await ticket.getByRole('button', { name: /^Готово: .*карбонара/ }).click()
  await guest.page.locator('[data-status="READY"]').first().waitFor()
  await ticket.getByRole('button', { name: /^Вернуть в работу: .*карбонара/ }).click()
  await expect.poll(() => guest.page.locator('[data-status="READY"]').count()).toBe(0)

  await page.keyboard.press('1')
  await expect.poll(() => page.locator('article').count()).toBe(0)
  await listener.wait('order_ready', (event) => event.order_id === orderId)
  await expect.poll(() => guest.page.locator('[data-status="READY"]').count()).toBe(2)
  await shot(page, 'journey-kitchen-done')
  await shot(guest.page, 'journey-guest-ready')
})

test('a finished ticket can be called back from the tray', async () => {
  const { page } = kitchen
  const inTray = page.getByRole('contentinfo').getByRole('button', { name: `Стол ${table.number}` })
  await inTray.click()
  await page.getByRole('article', { name: `Стол ${table.number}` }).waitFor()
  await page.getByRole('button', { name: /Всё готово/ }).click()
  await inTray.waitFor()
})

test('served: the guest reads it, and the wall and tray are empty', async () => {
  const { items } = await order()
  for (const item of items) await waiter.patch(`/orders/${orderId}/items/${item.id}/status`, { status: 'SERVED' })
  await expect.poll(() => guest.page.locator('[data-status="SERVED"]').count()).toBe(2)
  await guest.page.getByText('подано').first().waitFor()
  await expect.poll(() => kitchen.page.getByRole('contentinfo').getByRole('button').count()).toBe(0)
  await shot(guest.page, 'journey-guest-served')
})

test('paid: the table is free, and the guest reads that the bill is settled', async () => {
  const methods = await waiter.get<{ id: number }[] | { payment_methods: { id: number }[] }>('/payment-methods/active')
  const [method] = Array.isArray(methods) ? methods : methods.payment_methods
  await waiter.post(`/orders/${orderId}/complete-payment`, { payment_method_id: method!.id })
  await listener.wait('payment_received', (event) => event.order_id === orderId)
  expect((await admin.get<Table>(`/tables/${table.id}`)).is_occupied).toBe(false)
  await guest.page.getByRole('heading', { name: 'Спасибо, что были у нас' }).waitFor()
  await guest.page.getByText('Этот визит окончен').waitFor()
  await shot(guest.page, 'journey-guest-paid')
  await expectAccessible(guest.page, 'guest, after the visit')
})

test('no page called another host or failed', () => {
  expect([...guest.complaints, ...kitchen.complaints]).toEqual([])
})
