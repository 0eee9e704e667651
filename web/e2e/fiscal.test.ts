// The fiscal register: an owner adds the one that is played, guests get their receipt before they pay, and what the
// register refuses is shown with what to do.

import { spawn, type ChildProcess } from 'node:child_process'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, LAPTOP, openBrowser, PHONE, shot, TABLET } from './browser'
import { openSection } from './owner'
import { openTable, pane, signIn } from './pad'
import { freePort } from './port'

let box: Box
let browser: Browser
let admin: Person
let register: ChildProcess
let address: string

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  const port = await freePort()
  address = `http://127.0.0.1:${port}`
  register = spawn(process.env.QRES_BIN ?? '', ['fiscal-simulator', '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' })
})

afterAll(async () => {
  register?.kill()
  await browser?.close()
  await box?.close()
})

interface Documents {
  documents: { id: number; kind: string; state: string; total: string }[]
}

test('an owner adds a register and sees how it is', async () => {
  const { page, complaints } = await openSection(browser, box, 'fiscal', { locale: 'en-GB' })
  await page.getByText('No fiscal register').waitFor()
  await expectAccessible(page, 'fiscal, none')
  await page.getByRole('button', { name: 'Add a register' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('Till')
  await page.getByLabel('Address of its server').fill(address)
  await shot(page, 'fiscal-form')
  await expectAccessible(page, 'fiscal, form')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('● ready').waitFor()
  await shot(page, 'fiscal-register')
  await expectAccessible(page, 'fiscal, register')
  expect(complaints).toEqual([])
})

test('guests get the receipt before they pay, and the waiter sees where it is', async () => {
  const { page } = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  const { tables } = await admin.get<{ tables: { id: number; number: number }[] }>('/tables/')
  const menu = await admin.get<{ categories: { dishes: { id: number; name: string }[] }[] }>('/dishes/menu')
  const dishes = menu.categories.flatMap((category) => category.dishes)
  const table = tables.find(({ number }) => number === 5)!
  const soup = dishes.find(({ name }) => name === 'Борщ')!
  const items = [{ dish_id: soup.id, quantity: 2 }]
  await admin.post('/orders/', { table_id: table.id, order_type: 'DINE_IN', items })
  await openTable(page, 5)
  await pane(page, 5).getByRole('button', { name: 'Счёт', exact: true }).click()
  await page.getByRole('button', { name: 'Предчек' }).click()
  await page.getByText('Спросите, как гости заплатят').waitFor()
  await shot(page, 'fiscal-asks')
  await expectAccessible(page, 'fiscal, asks')
  await page.getByRole('button', { name: 'Гости платят наличными' }).click()
  await page.getByText(/Фискальный чек: пробит/).waitFor({ timeout: 15_000 })
  await shot(page, 'fiscal-receipt')
  await expectAccessible(page, 'fiscal, receipt')
})

const SCREENS = [
  ['laptop', { viewport: LAPTOP, colorScheme: 'light' }],
  ['tablet', { viewport: TABLET, colorScheme: 'dark' }],
  ['phone', { viewport: PHONE, colorScheme: 'dark' }],
] as const

test.for(SCREENS)('documents are listed: %s', async ([name, options]) => {
  const list = await admin.get<Documents>('/fiscal/documents')
  expect(list.documents.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['OPEN_SHIFT DONE', 'SELL DONE'])
  const { page } = await openSection(browser, box, 'fiscal', options)
  await page.getByText('● готова').waitFor()
  await shot(page, `fiscal-state-${name}`)
  await expectAccessible(page, `fiscal, state, ${name}`)
  await page.getByRole('tab', { name: 'Документы' }).click()
  await page.getByText('✓ пробит').first().waitFor()
  await shot(page, `fiscal-documents-${name}`)
  await expectAccessible(page, `fiscal, documents, ${name}`)
})
