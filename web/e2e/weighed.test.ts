// Meat by weight: 0.350 kg from the owner's menu to the waiter's pad, the kitchen's wall, the guest's phone and the paid bill.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, openBrowser, openPage, PHONE, shot, TABLET, WALL } from './browser'
import { openSection, signInAs } from './owner'
import { openTable, pane, signIn } from './pad'

const PAD = { width: 768, height: 1024 }
const TABLE = 4
const DISH = 'Лопатка на углях'

let box: Box
let browser: Browser
let admin: Person
let tables: { id: number; number: number; qr_code: string }[]
let page: Page

/** As one reads it: spaces of all kinds are alike. */
const plain = (text: string): string => text.replace(/[\s\u00a0\u202f]+/g, ' ')
const table = () => tables.find(({ number }) => number === TABLE)!

/** The same moment in every size and light. */
async function everySize(of: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await of.emulateMedia({ colorScheme })
    for (const viewport of [TABLET, PAD, PHONE]) {
      await of.setViewportSize(viewport)
      await shot(of, `weighed-${name}-${viewport.width}-${colorScheme}`)
      await expectAccessible(of, `weighed, ${name}, ${viewport.width}, ${colorScheme}`)
    }
  }
  await of.emulateMedia({ colorScheme: 'light' })
  await of.setViewportSize(TABLET)
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
  const { categories } = await admin.get<{ categories: { id: number }[] }>('/categories/')
  const { id } = await admin.post<{ id: number }>('/dishes/', { name: DISH, category_id: categories[0]!.id, department: 'grill' })
  await admin.post(`/dishes/${id}/variations/`, { name: 'На углях', price: '180', unit: '100g' })
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('the owner sees what the price is for, and chooses it', async () => {
  const owner = (await openSection(browser, box, 'menu', { viewport: TABLET })).page
  await owner.locator('button.open', { hasText: DISH }).click()
  const unit = owner.getByLabel('За что')
  await unit.waitFor()
  expect(await unit.inputValue()).toBe('100g')
  await everySize(owner, 'form')
  await owner.close()
})

test('350 g are typed, cooked, weighed again, served and paid', async () => {
  page = (await signIn(browser, box.origin, 'Анна Соколова', '1003')).page
  await openTable(page, TABLE)
  await pane(page, TABLE).getByRole('button', { name: /Добавить|Меню/ }).first().click()
  await page.getByLabel('Найти блюдо').fill('лопатка')
  const row = page.locator('button.dish', { hasText: DISH })
  expect(plain(await row.innerText())).toContain('180 ₽ / 100 г')
  await row.click()
  const sheet = page.getByRole('dialog', { name: DISH })
  await sheet.getByRole('button', { name: '3', exact: true }).click()
  await sheet.getByRole('button', { name: '5', exact: true }).click()
  await sheet.getByRole('button', { name: '0', exact: true }).click()
  expect(await sheet.getByLabel('Сколько граммов').inputValue()).toBe('350')
  await everySize(page, 'pad')
  expect(plain(await sheet.getByRole('button', { name: /^Добавить/ }).innerText())).toBe('Добавить · 630 ₽')
  await page.keyboard.press('Escape')
  await row.click()
  await sheet.getByRole('button', { name: /^350/ }).click()
  await sheet.getByRole('button', { name: /^Добавить/ }).click()
  await page.getByRole('button', { name: 'К заказу' }).first().click()
  await pane(page, TABLE).getByText(/0,350\skг|0,350\sкг/).waitFor()
  await everySize(page, 'draft')
  await pane(page, TABLE).getByRole('button', { name: /на кухню/i }).click()

  const kitchen = (await openPage(browser, box.origin, { viewport: WALL })).page
  await kitchen.goto(`${box.origin}/app/kitchen`)
  await kitchen.getByRole('button', { name: 'Войти по паролю' }).click()
  await signInAs(kitchen, 'kitchen')
  const ticket = kitchen.getByRole('article', { name: `Стол ${TABLE}` })
  await ticket.getByText(/0,350\sкг/).waitFor()
  await shot(kitchen, 'weighed-wall')
  await expectAccessible(kitchen, 'weighed, the wall')
  await ticket.getByRole('button', { name: new RegExp(`^Начать.*${DISH}`) }).click()
  await kitchen.close()

  // It weighs more than was thought.
  await pane(page, TABLE).getByText('готовится').first().waitFor()
  await pane(page, TABLE).getByRole('button', { name: new RegExp(`^Изменить.*${DISH}`) }).click()
  const again = page.getByRole('dialog', { name: DISH })
  await again.getByLabel('Сколько граммов').fill('372')
  await again.getByLabel('Сколько граммов').press('Enter')
  await pane(page, TABLE).getByText(/0,372\sкг/).waitFor()

  const orders = async () => admin.get<{ id: number; total_price: string; items: { quantity: number; unit: string; total: string }[] }[]>(`/orders/active/table/${table().id}`)
  await expect.poll(async () => (await orders())[0]?.total_price).toBe('669.60')
  const [order] = await orders()
  expect(order!.items).toMatchObject([{ quantity: 0.372, unit: 'kg', total: '669.60' }])

  await pane(page, TABLE).getByRole('button', { name: 'Счёт', exact: true }).click()
  const take = page.getByRole('button', { name: /^Принять .* · / })
  await take.waitFor()
  await everySize(page, 'bill')
  await page.getByRole('radio', { name: 'Банковская карта' }).or(page.getByRole('radio', { name: /карт/i })).first().check()
  await take.click()
  await page.getByText('Всё оплачено').waitFor()
  const { checks } = await admin.get<{ checks: { state: string; total: string; lines: { quantity: number; unit: string }[] }[] }>(`/orders/${order!.id}/checks`)
  expect(checks).toMatchObject([{ state: 'PAID', total: '669.60', lines: [{ quantity: 0.372, unit: 'kg' }] }])
})

test('a guest reads the price of 100 g, and asks the waiter', async () => {
  const { page: guest, complaints } = await openPage(browser, box.origin, { viewport: PHONE, hasTouch: true })
  await guest.goto(`${box.origin}/menu/${table().qr_code}?lang=ru`)
  const row = guest.locator('.dish', { hasText: DISH })
  await row.waitFor()
  expect(plain(await row.innerText())).toContain('180 ₽ / 100 г')
  await row.locator('button.open').click()
  await guest.getByRole('dialog').getByText('На вес. Закажите у официанта.').waitFor()
  await shot(guest, 'weighed-guest')
  await expectAccessible(guest, 'weighed, the guest’s phone')
  expect(complaints).toEqual([])
})
