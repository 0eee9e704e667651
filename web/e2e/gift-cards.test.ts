// A gift card is sold, a check is paid by it, the money goes back to it, and what is left to the guest.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, LAPTOP, openBrowser, PHONE, TABLET, type Watched } from './browser'
import { openSection } from './owner'
import { openTable, pane, signIn } from './pad'

interface Card {
  id: number
  balance: string
  is_active: boolean
}

const SIZES = [TABLET, { width: 768, height: 1024 }, PHONE]

let box: Box
let browser: Browser
let admin: Person
let owner: Watched
let code: string

const card = async (): Promise<Card> => (await admin.get<{ gift_cards: Card[] }>('/gift-cards')).gift_cards[0]!

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  await admin.post('/payment-methods', { name: 'Подарочная карта', kind: 'VOUCHER' })
  owner = await openSection(browser, box, 'accounts', { viewport: LAPTOP })
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('a card is sold, and its code is shown once', async () => {
  const { page } = owner
  await page.getByRole('tab', { name: 'Подарочные карты' }).click()
  await page.getByText('Карт пока нет').waitFor()
  await everySize(page, 'cards-empty', SIZES)
  await page.getByRole('button', { name: 'Продать карту' }).click()
  const form = page.getByRole('dialog', { name: 'Продать карту' })
  await form.getByLabel('Сумма').fill('5000')
  await everySize(page, 'cards-form', SIZES)
  await page.keyboard.press('Enter')
  const shown = page.getByRole('dialog', { name: /^Карта на 5.000 ₽ продана/ })
  code = await shown.getByText(/^\d{4} \d{4} \d{4} \d{4}$/).innerText()
  await everySize(page, 'cards-code', SIZES)
  await page.keyboard.press('Escape')
  await page.getByText(`•••• ${code.slice(-4)}`).first().waitFor()
  await everySize(page, 'cards', SIZES)
  expect(await page.content()).not.toContain(code)
})

test('a check is paid by it, and its money goes back to it', async () => {
  const { tables } = await admin.get<{ tables: { id: number; number: number; is_occupied: boolean }[] }>('/tables/')
  const table = tables.find(({ is_occupied }) => !is_occupied)!
  const { categories } = await box.call<{ categories: { dishes: { id: number; variations: { id: number }[] }[] }[] }>('GET', '/dishes/menu', null)
  const dish = categories[0]!.dishes[0]!
  const items = [{ dish_id: dish.id, dish_variation_id: dish.variations[0]!.id, quantity: 1 }]
  const order = await admin.post<{ id: number; total_price: string }>('/orders/', { table_id: table.id, order_type: 'DINE_IN', items })
  const waiter = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  const { page } = waiter
  await openTable(page, table.number)
  await pane(page, table.number).getByRole('button', { name: 'Счёт', exact: true }).click()
  await page.getByRole('radio', { name: 'Подарочная карта' }).check()
  await page.getByLabel(/^Код подарочной карты/).fill(code)
  await everySize(page, 'cards-pay', SIZES)
  await page.getByRole('button', { name: /^Принять .* · Подарочная карта/ }).click()
  const left = (5000 - Number(order.total_price)).toFixed(2)
  await expect.poll(async () => (await card()).balance).toBe(left)
  const { checks } = await admin.get<{ checks: { payments: { id: number }[] }[] }>(`/orders/${order.id}/checks`)
  await admin.post(`/payments/${checks[0]!.payments[0]!.id}/refunds`, { reason: 'остыло' })
  expect((await card()).balance).toBe('5000.00')
  expect(waiter.complaints).toEqual([])
})

test('what is left goes back, and the card pays no more', async () => {
  const { page } = owner
  await page.getByRole('button', { name: /^Действия: ••••/ }).click()
  await page.getByRole('menuitem', { name: 'Вернуть деньги и закрыть' }).click()
  const form = page.getByRole('dialog', { name: /^Закрыть карту/ })
  await form.getByLabel('Почему', { exact: true }).fill('не нужна')
  await everySize(page, 'cards-back', SIZES)
  await form.getByRole('button', { name: 'Вернуть деньги и закрыть' }).click()
  await page.getByText('Не действует').first().waitFor()
  expect(await card()).toMatchObject({ balance: '0.00', is_active: false })
  expect(owner.complaints).toEqual([])
})
