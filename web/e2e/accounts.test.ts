// A company pays before: its account is opened, a deposit comes in, a waiter has a check paid by it, and what is left goes
// back.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, LAPTOP, openBrowser, PHONE, TABLET, type Watched } from './browser'
import { openSection } from './owner'
import { openTable, pane, signIn } from './pad'

interface Account {
  id: number
  balance: string
}

const SIZES = [TABLET, { width: 768, height: 1024 }, PHONE]

let box: Box
let browser: Browser
let admin: Person
let owner: Watched
let table: { id: number; number: number }

const account = async (): Promise<Account> =>
  (await admin.get<{ accounts: Account[] }>('/house-accounts?search=Ромашка')).accounts[0]!

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  // Those of the demo: here the owner begins anew.
  const { accounts } = await admin.get<{ accounts: { id: number }[] }>('/house-accounts')
  for (const { id } of accounts) await box.call('DELETE', `/house-accounts/${id}`, admin.token)
  const { tables } = await admin.get<{ tables: { id: number; number: number; is_occupied: boolean }[] }>('/tables/')
  table = tables.find(({ is_occupied }) => !is_occupied)!
  owner = await openSection(browser, box, 'accounts', { viewport: LAPTOP })
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('an account is opened and a deposit comes in, by the keyboard', async () => {
  const { page } = owner
  await page.getByText('Счетов гостей пока нет').waitFor()
  await everySize(owner.page, 'accounts-empty', SIZES)
  await page.getByRole('button', { name: 'Открыть счёт гостя' }).first().press('Enter')
  const form = page.getByRole('dialog', { name: 'Новый счёт гостя' })
  await form.getByLabel('Название').fill('ООО «Ромашка»')
  await form.getByLabel(/^Телефон/).fill('+7 916 123-45-67')
  await form.getByLabel('Может задолжать').fill('1 000,50')
  await everySize(owner.page, 'accounts-form', SIZES)
  await page.keyboard.press('Enter')
  const story = page.getByRole('dialog', { name: 'ООО «Ромашка»' })
  await story.getByRole('button', { name: 'Внести' }).press('Enter')
  const money = page.getByRole('dialog', { name: 'Внести: ООО «Ромашка»' })
  await money.getByLabel('Сумма').fill('5000')
  await money.getByLabel(/^За что/).fill('банкет в пятницу')
  await everySize(owner.page, 'accounts-pay-in', SIZES)
  await page.keyboard.press('Enter')
  await story.getByText('Депозит').waitFor()
  expect(await account()).toMatchObject({ balance: '5000.00' })
})

test('a waiter has a check paid by it, in four taps', async () => {
  const { categories } = await box.call<{ categories: { dishes: { id: number; variations: { id: number }[] }[] }[] }>('GET', '/dishes/menu', null)
  const dish = categories[0]!.dishes[0]!
  const order = { table_id: table.id, order_type: 'DINE_IN', items: [{ dish_id: dish.id, dish_variation_id: dish.variations[0]!.id, quantity: 2 }] }
  const { id, total_price } = await admin.post<{ id: number; total_price: string }>('/orders/', order)
  const cashier = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  const { page } = cashier
  await openTable(page, table.number)
  await pane(page, table.number).getByRole('button', { name: 'Счёт', exact: true }).click()
  await page.getByRole('radio', { name: 'Со счёта гостя' }).check()
  await page.getByLabel('Имя или телефон').waitFor()
  await page.getByRole('radio', { name: /Ромашка/ }).check()
  await everySize(cashier.page, 'accounts-pay', SIZES)
  // The waiter asks for it, and the manager says yes over the bill.
  await page.getByRole('button', { name: /^Принять .* · Со счёта гостя/ }).click()
  const sheet = page.getByRole('dialog', { name: 'Нужно разрешение' })
  await sheet.getByText('Оплатить со счёта гостя').waitFor()
  await everySize(cashier.page, 'accounts-approval', SIZES)
  await sheet.getByRole('button', { name: /Дмитрий Орлов/ }).click()
  await page.getByRole('dialog', { name: 'Дмитрий Орлов: PIN' }).waitFor()
  await page.keyboard.type('1002')
  await page.evaluate(() => document.querySelector<HTMLButtonElement>('button.enter:not(:disabled)')?.click())
  await expect.poll(async () => (await admin.get<{ payment_status: string }>(`/orders/${id}`)).payment_status).toBe('PAID')
  expect(Number((await account()).balance)).toBe(5000 - Number(total_price))
  expect(cashier.complaints).toEqual([])
})

test('what is left goes back, and the story tells it all', async () => {
  const { page } = owner
  const story = page.getByRole('dialog', { name: 'ООО «Ромашка»' })
  await story.getByText('Оплата счёта').waitFor()
  await everySize(owner.page, 'accounts-story', SIZES)
  await story.getByRole('button', { name: 'Вернуть' }).click()
  const money = page.getByRole('dialog', { name: 'Вернуть: ООО «Ромашка»' })
  await money.getByLabel(/^Почему/).first().fill('банкет отменён')
  await money.getByRole('button', { name: 'Вернуть' }).click()
  await story.getByText('Возвращено гостю').waitFor()
  expect(await account()).toMatchObject({ balance: '0.00' })
  await page.keyboard.press('Escape')
  await everySize(owner.page, 'accounts-list', SIZES)
  await page.getByLabel('Имя или телефон').fill('никто')
  await page.getByText('Ничего не найдено').waitFor()
  expect(owner.complaints).toEqual([])
})

test('the same in English, and the report of it', async () => {
  const english = await openSection(browser, box, 'accounts', { viewport: TABLET, locale: 'en-GB' })
  const { page } = english
  await page.getByRole('button', { name: 'ООО «Ромашка»' }).click()
  const story = page.getByRole('dialog', { name: 'ООО «Ромашка»' })
  await story.getByText('Given back').waitFor()
  await everySize(english.page, 'accounts-story-en', SIZES)
  await story.getByRole('button', { name: 'Erase data' }).click()
  await page.getByRole('dialog', { name: /^Erase the data of/ }).getByRole('button', { name: 'Erase data' }).click()
  await page.getByText('No accounts yet').waitFor()
  await page.goto(`${box.origin}/app/admin/reports`)
  await page.getByRole('tab', { name: 'Accounts' }).click()
  await page.getByRole('columnheader', { name: 'Held at the end' }).waitFor()
  await everySize(english.page, 'accounts-report-en', SIZES)
  expect(english.complaints).toEqual([])
})
