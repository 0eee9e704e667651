// What guests come back for: the owner adds a program and a code, a guest earns by paying, and the waiter takes the points
// and the code off the next bill.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, LAPTOP, openBrowser, PHONE, TABLET, type Watched } from './browser'
import { openSection } from './owner'
import { openTable, pane, signIn } from './pad'

const SIZES = [TABLET, { width: 768, height: 1024 }, PHONE]
const NAME = 'Аглая Незабудкина'

interface Check {
  id: number
  version: number
  total: string
  due: string
}

let box: Box
let browser: Browser
let admin: Person
let owner: Watched
let table: { id: number; number: number }
let guest: { id: number }

const checkOf = async (order: number): Promise<Check> => (await admin.get<{ checks: Check[] }>(`/orders/${order}/checks`)).checks[0]!

/** An order of the guest at the table. */
async function dinner(): Promise<number> {
  const { categories } = await box.call<{ categories: { dishes: { id: number; variations: { id: number }[] }[] }[] }>('GET', '/dishes/menu', null)
  const dish = categories[0]!.dishes[0]!
  const items = [{ dish_id: dish.id, dish_variation_id: dish.variations[0]!.id, quantity: 2 }]
  const { id } = await admin.post<{ id: number }>('/orders/', { table_id: table.id, order_type: 'DINE_IN', items })
  await admin.put(`/orders/${id}/customer`, { customer_id: guest.id })
  return id
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  const { tables } = await admin.get<{ tables: { id: number; number: number; is_occupied: boolean }[] }>('/tables/')
  table = tables.find(({ is_occupied }) => !is_occupied)!
  guest = await admin.post<{ id: number }>('/customers', { name: NAME })
  owner = await openSection(browser, box, 'loyalty', { viewport: LAPTOP })
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('the owner adds points, a card of stamps and a code', async () => {
  const { page } = owner
  await page.getByText('Программ пока нет').waitFor()
  await everySize(page, 'loyalty-empty', SIZES)
  await page.getByRole('button', { name: 'Добавить программу' }).click()
  let form = page.getByRole('dialog', { name: 'Новая программа' })
  await form.getByLabel('Название').fill('Бонусы')
  await everySize(page, 'loyalty-program', SIZES)
  await form.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('Возвращается 5 % оплаченного').first().waitFor()
  await page.getByRole('button', { name: 'Добавить программу' }).click()
  form = page.getByRole('dialog', { name: 'Новая программа' })
  await form.getByLabel('Что копится').selectOption('STAMPS')
  await form.getByLabel('Название').fill('Десятый кофе')
  await form.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('За 10 отметок — блюдо в подарок').first().waitFor()
  await everySize(page, 'loyalty-programs', SIZES)
  await page.getByRole('tab', { name: 'Промокоды' }).click()
  await page.getByText('Промокодов пока нет').waitFor()
  await page.getByRole('button', { name: 'Добавить промокод' }).click()
  form = page.getByRole('dialog', { name: 'Новый промокод' })
  await form.getByLabel(/^Код/).fill('лето')
  await form.getByLabel(/^На сколько заказов/).fill('1')
  await everySize(page, 'loyalty-code', SIZES)
  await form.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('ЛЕТО').first().waitFor()
  await everySize(page, 'loyalty-codes', SIZES)
  expect(owner.complaints).toEqual([])
})

test('a guest earns by paying, and pays with it the next time', async () => {
  const first = await dinner()
  const check = await checkOf(first)
  const [method] = await admin.get<{ id: number }[]>('/payment-methods/active')
  await admin.post(`/checks/${check.id}/payments`, { method_id: method!.id, amount: check.due, expected_due: check.due })
  const has = await admin.get<{ accounts: { balance: number; kind: string }[] }>(`/loyalty/accounts?customer_id=${guest.id}`)
  const points = Math.floor((Number(check.total) * 100 * 5) / 100)
  expect(has.accounts.map(({ kind, balance }) => [kind, balance])).toEqual([
    ['POINTS', points],
    ['STAMPS', 2],
  ])
  await box.call('PATCH', `/orders/${first}/status`, admin.token, { status: 'COMPLETED' }).catch(() => null)
  const second = await dinner()
  const before = await checkOf(second)
  const waiter = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  const { page } = waiter
  await openTable(page, table.number)
  await pane(page, table.number).getByRole('button', { name: new RegExp(NAME) }).click()
  const sheet = page.getByRole('dialog', { name: NAME })
  await sheet.getByText('2 из 10').waitFor()
  await everySize(page, 'waiter-points', SIZES)
  await sheet.getByRole('button', { name: 'Оплатить баллами' }).click()
  await page.getByText('Снято со счёта').waitFor()
  expect(Math.round((Number(before.total) - Number((await checkOf(second)).total)) * 100)).toBe(points)
  await pane(page, table.number).getByRole('button', { name: new RegExp(NAME) }).click()
  await sheet.getByLabel('Промокод').fill('зима')
  await sheet.getByRole('button', { name: 'Применить' }).click()
  await sheet.getByText('Такого промокода нет').waitFor()
  await everySize(page, 'waiter-no-code', SIZES)
  await sheet.getByLabel('Промокод').fill('лето')
  await sheet.getByLabel('Промокод').press('Enter')
  await expect.poll(async () => (await admin.get<{ promo_codes: { used: number }[] }>('/promo-codes')).promo_codes[0]!.used).toBe(1)
  expect(waiter.complaints).toEqual([])
})

test('the same in English', async () => {
  const english = await openSection(browser, box, 'loyalty', { viewport: TABLET, locale: 'en-GB' })
  await english.page.getByText('5 % of what is paid comes back').first().waitFor()
  await everySize(english.page, 'loyalty-en', SIZES)
  expect(english.complaints).toEqual([])
})
