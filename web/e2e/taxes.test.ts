// The owner keeps the taxes: a class, a rate from a day on, who has it; the bill and the report tell the rates.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, openBrowser, PHONE, shot, TABLET } from './browser'
import { openSection } from './owner'
import { openTable, pane, signIn } from './pad'

interface TaxClass {
  id: number
  name: string
  kind: string
  rates: { valid_from: string | null; percent: string; takeaway_percent: string | null }[]
}

const SIZES = [PHONE, { width: 768, height: 1024 }, TABLET]

let box: Box
let browser: Browser
let admin: Person
let waiter: Person

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  waiter = await box.signIn('waiter')
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

const classes = () => admin.get<TaxClass[]>('/tax-classes')

/** `beside`: behind a sheet the page may be wider than its screen */
async function everySize(page: Page, name: string, beside = false): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const viewport of SIZES) {
      await page.setViewportSize(viewport)
      const over = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (!beside) await expect.poll(over, { message: `${name} at ${viewport.width}` }).toBe(0)
      await shot(page, `${name}-${viewport.width}-${colorScheme}`)
      await expectAccessible(page, `${name}, ${viewport.width}, ${colorScheme}`)
    }
  }
}

test('a class is added by the keyboard, with a rate from a day on, and given to a dish', async () => {
  const { page, complaints } = await openSection(browser, box, 'taxes')
  await page.getByRole('button', { name: 'Добавить класс' }).focus()
  await page.keyboard.press('Enter')
  const form = page.getByRole('dialog')
  await form.getByLabel('Название').first().fill('Вино')
  await form.getByLabel('Где налог').selectOption('ADDED')
  await form.getByLabel('Ставка, %').fill('20')
  await form.getByRole('button', { name: 'Добавить ставку с даты' }).press('Enter')
  await form.getByLabel('Ставка, %').nth(1).fill('22,5')
  await page.keyboard.press('Enter')
  await form.getByText('Укажите день').waitFor()
  await form.getByLabel('С какого дня').fill('2099-01-01')
  await form.getByText('Сейчас 20 %, с 1 января 2099 г.: 22,5 %.').waitFor()
  await form.getByLabel('Навынос и доставка').check()
  await form.getByLabel('Навынос, %').first().fill('10')
  await everySize(page, 'taxes-form', true)
  await page.setViewportSize(TABLET)
  await form.getByRole('button', { name: 'Сохранить' }).press('Enter')
  await form.waitFor({ state: 'detached' })
  const wine = (await classes()).find(({ name }) => name === 'Вино')!
  expect([wine.kind, wine.rates.map(({ valid_from, percent }) => [valid_from, percent])]).toEqual([
    'ADDED',
    [
      [null, '20'],
      ['2099-01-01', '22.5'],
    ],
  ])
  expect(wine.rates[0]!.takeaway_percent).toBe('10')
  await page.getByText('с 1 января 2099 г.: 22,5 %').waitFor()
  await everySize(page, 'taxes-ru')

  await page.setViewportSize(TABLET)
  await page.getByLabel('Налог на плату за обслуживание').selectOption('Вино')
  const service = async () => (await admin.get<{ service_tax_class_id: number | null }>('/restaurant')).service_tax_class_id
  await expect.poll(service).toBe(wine.id)
  await page.getByLabel('Налог на плату за обслуживание').selectOption('')
  await expect.poll(service).toBe(null)

  await page.goto(`${box.origin}/app/admin/menu`)
  await page.getByRole('button', { name: /^Маргарита/ }).first().click()
  await page.getByRole('dialog').getByLabel('Налог').selectOption('Вино')
  await shot(page, 'taxes-dish')
  await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click()
  await expect.poll(async () => (await admin.get<{ name: string; used_by: number }[]>('/tax-classes')).find(({ name }) => name === 'Вино')!.used_by).toBe(1)
  expect(complaints).toEqual([])

  const english = await openSection(browser, box, 'taxes', { locale: 'en-GB' })
  await english.page.getByText('from 1 January 2099: 22.5%').waitFor()
  await everySize(english.page, 'taxes-en')
})

test('the bill has a line for each rate, a check is freed of tax, and the report tells both', async () => {
  await admin.patch('/restaurant', { tax_percent: '20' })
  const { tables } = await admin.get<{ tables: { id: number; number: number }[] }>('/tables/')
  const beside = { name: 'Сбор', kind: 'ADDED', rates: [{ valid_from: null, percent: '5' }] }
  const { id: tax_class_id } = await admin.post<TaxClass>('/tax-classes', beside)
  const { dishes } = await admin.get<{ dishes: { id: number }[] }>('/dishes?limit=4')
  const [own, usual] = [dishes[3]!, dishes[2]!]
  await admin.patch(`/dishes/${own.id}`, { tax_class_id })
  const order = await waiter.post<{ id: number }>('/orders/', {
    table_id: tables.find(({ number }) => number === 7)!.id,
    items: [own, usual].map(({ id }) => ({ dish_id: id, quantity: 1 })),
  })
  const allowed = { rules: [{ permission: 'CHECK_TAX_EXEMPT', decision: 'ALLOW' }] }
  await box.call('PUT', '/roles/waiter/permissions', admin.token, allowed)
  const { page } = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  await openTable(page, 7)
  await pane(page, 7).getByRole('button', { name: /Счёт/ }).click()
  const paper = page.getByRole('region', { name: 'Счёт 1' })
  await paper.getByText('В том числе налог 20 %').waitFor()
  await paper.getByText(/^Налог 5 %/).waitFor()
  await shot(page, 'taxes-bill')
  await paper.getByRole('button', { name: 'Скидка', exact: true }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Без налога', { exact: true }).check()
  await sheet.getByLabel('Дипломатическая карта').check()
  await shot(page, 'taxes-exempt')
  await expectAccessible(page, 'the sheet of an exemption')
  await sheet.getByRole('button', { name: 'Счёт без налога' }).click()
  await paper.getByText(/без налога · Дипломатическая карта/).waitFor()
  const { checks } = await admin.get<{ checks: { id: number; tax: string; due: string }[] }>(`/orders/${order.id}/checks`)
  expect(checks[0]!.tax).toBe('0.00')
  const { payment_methods } = await admin.get<{ payment_methods: { id: number }[] }>('/payment-methods')
  await waiter.post(`/orders/${order.id}/complete-payment`, { payment_method_id: payment_methods[0]!.id })

  const report = await openSection(browser, box, 'reports')
  await report.page.getByRole('tab', { name: 'Налоги' }).click()
  await report.page.getByRole('cell', { name: 'Освобождённые счета' }).or(report.page.getByRole('rowheader', { name: 'Освобождённые счета' })).first().waitFor()
  await everySize(report.page, 'taxes-report')
  expect(report.complaints).toEqual([])
})
