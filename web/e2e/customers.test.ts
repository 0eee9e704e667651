// A guest who comes back: entered by the owner, found at the table by the end of the number, seen with their allergies,
// forgotten for good.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, LAPTOP, openBrowser, PHONE, TABLET, type Watched } from './browser'
import { openSection } from './owner'
import { openTable, pane, signIn } from './pad'

const SIZES = [TABLET, { width: 768, height: 1024 }, PHONE]
const NAME = 'Аглая Незабудкина'
const TYPED = '+7 (912) 345-67-89'
const ALLERGY = 'арахис'

let box: Box
let browser: Browser
let admin: Person
let owner: Watched
let table: { id: number; number: number }
let order: { id: number }

/** The box's files in which one of these texts stands. */
async function traces(...texts: string[]): Promise<string[]> {
  const entries = await readdir(join(box.folder, 'data'), { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found = await Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(path)
      return texts.some((text) => bytes.includes(text)) ? [path] : []
    }),
  )
  return found.flat()
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  const { tables } = await admin.get<{ tables: { id: number; number: number; is_occupied: boolean }[] }>('/tables/')
  table = tables.find(({ is_occupied }) => !is_occupied)!
  owner = await openSection(browser, box, 'customers', { viewport: LAPTOP })
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('a guest is entered, and found by the number in another way', async () => {
  const { page } = owner
  await page.getByText('Гостей пока нет').waitFor()
  await everySize(page, 'customers-empty', SIZES)
  await page.getByRole('button', { name: 'Записать гостя' }).first().press('Enter')
  const form = page.getByRole('dialog', { name: 'Новый гость' })
  await form.getByLabel('Имя').fill(NAME)
  await form.getByLabel(/^Телефон/).fill(TYPED)
  await form.getByLabel(/^Аллергии/).fill(ALLERGY)
  await form.getByLabel(/^Заметка/).fill('любит стол у окна')
  await everySize(page, 'customers-form', SIZES)
  await form.getByRole('button', { name: 'Сохранить' }).click()
  const person = page.getByRole('dialog', { name: NAME })
  await person.getByText(ALLERGY).waitFor()
  await page.keyboard.press('Escape')
  await page.getByLabel('Имя или телефон').fill('8 912 345 67 89')
  await page.getByRole('button', { name: NAME }).waitFor()
  await everySize(page, 'customers-found', SIZES)
  await page.getByLabel('Имя или телефон').fill('никого')
  await page.getByText('Ничего не найдено').waitFor()
  await page.getByLabel('Имя или телефон').fill('')
  await page.getByRole('button', { name: NAME }).waitFor()
})

test('a waiter finds the guest by the last digits, and sees the allergies', async () => {
  const { categories } = await box.call<{ categories: { dishes: { id: number; variations: { id: number }[] }[] }[] }>('GET', '/dishes/menu', null)
  const dish = categories[0]!.dishes[0]!
  const items = [{ dish_id: dish.id, dish_variation_id: dish.variations[0]!.id, quantity: 1, comment: 'Незабудкиной без орехов' }]
  order = await admin.post<{ id: number }>('/orders/', { table_id: table.id, order_type: 'DINE_IN', items })
  const waiter = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  const { page } = waiter
  await openTable(page, table.number)
  await pane(page, table.number).getByRole('button', { name: 'Кто за столом?' }).click()
  const sheet = page.getByRole('dialog', { name: 'Кто за столом?' })
  await sheet.getByLabel('Имя или телефон').fill('6789')
  await sheet.getByRole('button', { name: 'Найти' }).click()
  await sheet.getByText('•••6789').waitFor()
  await everySize(page, 'waiter-who', SIZES)
  await sheet.getByRole('button', { name: new RegExp(NAME) }).click()
  await pane(page, table.number).getByText(`Аллергии: ${ALLERGY}`).waitFor()
  await everySize(page, 'waiter-known', SIZES)
  expect(await admin.get<{ customer: { name: string } }>(`/orders/${order.id}/customer`)).toMatchObject({ customer: { name: NAME } })
  expect(waiter.complaints).toEqual([])
})

test('the guest is forgotten, and nothing of them is left', async () => {
  const { page } = owner
  await page.getByRole('button', { name: NAME }).click()
  const person = page.getByRole('dialog', { name: NAME })
  await person.getByText(/^1 визит, последний/).waitFor()
  await everySize(page, 'customers-person', SIZES)
  // Not while they sit there.
  await person.getByRole('button', { name: 'Стереть данные' }).click()
  const question = page.getByRole('dialog', { name: `Стереть данные: ${NAME}?` })
  await question.getByRole('button', { name: 'Стереть данные' }).click()
  await question.getByText('Гость сейчас указан у открытого заказа').waitFor()
  await everySize(page, 'customers-erase', SIZES)
  expect(await traces(NAME)).not.toEqual([])
  await box.call('PATCH', `/orders/${order.id}/status`, admin.token, { status: 'CANCELLED', reason: 'проверка' })
  await question.getByRole('button', { name: 'Стереть данные' }).click()
  const act = page.getByRole('dialog', { name: /^Акт об уничтожении/ })
  await act.getByText('Подпись').waitFor()
  await everySize(page, 'customers-act', SIZES)
  await page.keyboard.press('Escape')
  await page.getByText('Гостей пока нет').waitFor()
  expect(await traces(NAME, 'незабудкина', TYPED, '987654321', 'Незабудкиной')).toEqual([])
  expect(owner.complaints).toEqual([])
})

test('the same in English, and the record later', async () => {
  const english = await openSection(browser, box, 'customers', { viewport: TABLET, locale: 'en-GB' })
  const { page } = english
  await page.getByText('No guests yet').waitFor()
  await page.getByRole('button', { name: 'Records of erasure' }).click()
  await page.getByRole('button', { name: /^Record of the erasure/ }).click()
  await page.getByText('Signature').waitFor()
  await everySize(page, 'customers-act-en', SIZES)
  expect(english.complaints).toEqual([])
})
