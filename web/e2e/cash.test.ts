// The cash desk: a drawer is set up, the first cash opens its shift, cash is moved, the drawer is counted blind and closed
// with somebody's word, and the owner reads its Z.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, keep, LAPTOP, openBrowser, PHONE, TABLET, type Watched } from './browser'
import { openSection } from './owner'
import { approved, openTable, pane, signIn } from './pad'

interface Desk {
  drawer: { id: number } | null
  shift: { id: number; state: string } | null
}
interface Report {
  expected: string
  shift: { difference: string; z_number: number; reason: string }
}

const SIZES = [TABLET, { width: 768, height: 1024 }, PHONE]

let box: Box
let browser: Browser
let admin: Person
let owner: Watched
let cashier: Watched
let table: { id: number; number: number }

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  await admin.post('/users', { username: 'vera', full_name: 'Вера Кассир', role: 'cashier', password: 'till-and-drawer-7', pin_code: '2468' })
  const { tables } = await admin.get<{ tables: { id: number; number: number; is_occupied: boolean }[] }>('/tables/')
  table = tables.find(({ is_occupied }) => !is_occupied)!
  owner = await openSection(browser, box, 'cash', { viewport: LAPTOP })
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('a drawer is set up, by the keyboard', async () => {
  const { page } = owner
  await page.getByText('Смен пока нет').waitFor()
  await page.getByRole('tab', { name: 'Ящики' }).click()
  await page.getByRole('button', { name: 'Добавить первый ящик' }).press('Enter')
  const form = page.getByRole('dialog', { name: 'Новый ящик' })
  await form.getByLabel('Название').fill('Касса в зале')
  await form.getByLabel('Допуск').fill('10')
  await everySize(page, 'cash-drawer', SIZES)
  await page.keyboard.press('Enter')
  await page.getByText('Касса в зале').first().waitFor()
  await expect.poll(async () => (await admin.get<Desk>('/cash/desk')).drawer).not.toBeNull()
  await page.getByRole('tab', { name: 'Смены' }).click()
})

test('cash waits for its shift, which one opens from the bill', async () => {
  const { categories } = await box.call<{ categories: { dishes: { id: number; variations: { id: number }[] }[] }[] }>('GET', '/dishes/menu', null)
  const dish = categories[0]!.dishes[0]!
  const order = { table_id: table.id, order_type: 'DINE_IN', items: [{ dish_id: dish.id, dish_variation_id: dish.variations[0]!.id, quantity: 2 }] }
  const { id } = await admin.post<{ id: number }>('/orders/', order)
  cashier = await signIn(browser, box.origin, 'Вера Кассир', '2468')
  const { page } = cashier
  await page.getByRole('button', { name: 'Касса: смена не открыта' }).waitFor()
  await openTable(page, table.number)
  await pane(page, table.number).getByRole('button', { name: 'Счёт', exact: true }).click()
  await page.getByRole('button', { name: /^Принять/ }).click()
  await page.getByText('Смена кассы не открыта').waitFor()
  await everySize(page, 'cash-refused', SIZES)
  await page.getByRole('button', { name: 'Открыть смену', exact: true }).click()
  await page.getByRole('radio', { name: 'Другая сумма' }).check()
  await page.getByLabel('Размен').fill('3000')
  await everySize(page, 'cash-open', SIZES)
  await page.getByRole('button', { name: /^Открыть смену: 3.000/ }).click()
  await page.getByText(/^Размен 3.000/).waitFor()
  await page.getByRole('button', { name: 'Назад', exact: true }).click()
  await page.getByRole('button', { name: /^Принять/ }).click()
  await expect.poll(async () => (await admin.get<{ payment_status: string }>(`/orders/${id}`)).payment_status).toBe('PAID')
})

test('cash is moved with a reason, and a slip is taken back', async () => {
  const { page } = cashier
  await page.getByRole('button', { name: 'Касса: смена открыта' }).click()
  await page.getByRole('button', { name: 'Внести', exact: true }).click()
  const form = page.getByRole('dialog', { name: 'Внести наличные' })
  await form.getByLabel('Сумма').fill('500')
  await form.getByRole('radio', { name: 'Размен' }).check()
  await everySize(page, 'cash-move', SIZES)
  await form.getByRole('button', { name: /^Внести/ }).click()
  await page.getByRole('button', { name: /^Отменить: Внесение/ }).click()
  const undo = page.getByRole('dialog', { name: /^Отменить: Внесение/ })
  await undo.getByRole('radio', { name: 'Ошибка в сумме' }).check()
  await undo.getByRole('button', { name: 'Отменить', exact: true }).click()
  await approved(page, 'Изъять наличные')
  await page.getByText('Внесение, отмена').waitFor()
  await everySize(page, 'cash-desk', SIZES)
  // Who is yet to count sees no cash.
  await page.getByRole('button', { name: 'X-отчёт' }).click()
  await page.getByText('видно после подсчёта').waitFor()
  await everySize(page, 'cash-x', SIZES)
  await page.keyboard.press('Escape')
})

test('the drawer is counted blind, and closed with a reason and a word', async () => {
  const { page } = cashier
  const { shift } = await admin.get<Desk>('/cash/desk')
  await page.getByRole('button', { name: 'Посчитать и закрыть' }).click()
  const count = page.getByRole('dialog', { name: 'Подсчёт кассы' })
  await count.getByLabel(/^1.000.*сколько штук/).fill('3')
  await everySize(page, 'cash-count', SIZES)
  await count.getByRole('button', { name: /^Отправить подсчёт: 3.000/ }).click()
  await page.getByText('Недостача').waitFor()
  await page.getByRole('button', { name: 'Напечатать подсчёт' }).click()
  await page.getByText('Нет принтера').waitFor()
  // The count stands in the box, not on this screen.
  await page.reload()
  await page.getByRole('button', { name: 'Касса: смена открыта' }).click()
  await page.getByText('Недостача').waitFor()
  await everySize(page, 'cash-counted', SIZES)
  await page.getByRole('radio', { name: 'Неизвестно' }).check()
  await page.getByRole('button', { name: 'Закрыть смену' }).click()
  await approved(page, 'Закрыть смену с расхождением')
  await page.getByRole('heading', { name: 'Z-отчёт № 1' }).waitFor()
  await everySize(page, 'cash-z', SIZES)
  const z = await admin.get<Report>(`/cash/shifts/${shift!.id}/z`)
  expect(z.shift).toMatchObject({ z_number: 1, reason: 'Неизвестно' })
  expect(Number(z.shift.difference)).toBe(3000 - Number(z.expected))
  expect(cashier.complaints).toEqual([])
})

test('the owner sees the difference, and the Z', async () => {
  const { page } = owner
  await page.getByRole('button', { name: 'Касса в зале, Z 1' }).waitFor()
  await everySize(page, 'cash-shifts', SIZES)
  await page.getByRole('button', { name: 'Касса в зале, Z 1' }).press('Enter')
  const paper = page.getByRole('dialog', { name: 'Касса в зале: Z-отчёт № 1' })
  await paper.getByText('Неизвестно').waitFor()
  await everySize(page, 'cash-owner-z', SIZES)
  // On a printer of the house, where there is one: nobody answers at this address, so it waits.
  const documents = ['receipt', 'cash_report']
  await admin.post('/printers', { name: 'Касса', kind: 'tcp', address: '127.0.0.1:9', width_dots: 576, documents })
  await paper.getByRole('button', { name: 'Напечатать' }).press('Enter')
  await paper.getByText('Отправлено на печать').waitFor()
  const { print_jobs } = await admin.get<{ print_jobs: { id: number; document: string }[] }>('/print-jobs')
  expect(print_jobs.map(({ document }) => document)).toEqual(['cash_report'])
  const png = await fetch(`${box.origin}/print-jobs/${print_jobs[0]!.id}/preview.png`, { headers: { Authorization: `Bearer ${admin.token}` } })
  await keep('cash-z-on-paper', Buffer.from(await png.arrayBuffer()))
  expect(owner.complaints).toEqual([])
})

test('all of it reads in English too, and the drawer goes on as it was left', async () => {
  const english = await openSection(browser, box, 'cash', { viewport: LAPTOP, locale: 'en-GB' })
  await english.page.getByRole('button', { name: 'Касса в зале, Z 1' }).waitFor()
  await everySize(english.page, 'cash-shifts-en', SIZES)
  const { page } = cashier
  await page.getByRole('button', { name: /^EN/ }).click()
  await page.getByRole('heading', { name: 'Z report 1' }).waitFor()
  await everySize(page, 'cash-closed-en', SIZES)
  await page.getByRole('button', { name: /^Open the shift: .*3.000/ }).click()
  await page.getByText(/^Float .*3.000/).waitFor()
  await page.getByRole('button', { name: 'Count and close' }).click()
  const count = page.getByRole('dialog', { name: 'Count the drawer' })
  await count.getByRole('button', { name: 'Type the whole sum' }).click()
  await count.getByLabel('Sum').fill('3000')
  await everySize(page, 'cash-count-en', SIZES)
  await count.getByRole('button', { name: /^Send the count/ }).click()
  await page.getByText('It adds up').waitFor()
  await everySize(page, 'cash-even-en', SIZES)
  await page.getByRole('button', { name: 'Close the shift' }).click()
  await page.getByRole('heading', { name: 'Z report 2' }).waitFor()
  expect([...cashier.complaints, ...english.complaints]).toEqual([])
})
