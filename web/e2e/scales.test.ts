// A scale: the owner adds it and tries it, the waiter reads what lies on it instead of typing.

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box } from './box'
import { everySize, expectAccessible, openBrowser, PHONE, shot, TABLET } from './browser'
import { openSection } from './owner'
import { openTable, pane, signIn } from './pad'

const SIZES = [TABLET, { width: 768, height: 1024 }, PHONE]
const TABLE = 4
const DISH = 'Шашлык на вес'

let box: Box
let browser: Browser
let scale: Server
let lies = 'S S      0.480 kg'
const lines = new Set<Socket>()

/** MT-SICS: what lies on it, when it is asked. */
function answer(line: Socket): void {
  lines.add(line)
  line.on('close', () => lines.delete(line))
  line.on('error', () => undefined)
  line.on('data', (bytes) => {
    if (bytes.toString() === 'SI\r\n') line.write(`${lies}\r\n`)
  })
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  scale = createServer(answer).listen(0, '127.0.0.1')
  const admin = await box.signIn('admin')
  const { categories } = await admin.get<{ categories: { id: number }[] }>('/categories/')
  const { id } = await admin.post<{ id: number }>('/dishes/', { name: DISH, category_id: categories[0]!.id, department: 'grill' })
  await admin.post(`/dishes/${id}/variations/`, { name: 'Порция', price: '180', unit: '100g' })
})

afterAll(async () => {
  for (const line of lines) line.destroy()
  scale?.close()
  await browser?.close()
  await box?.close()
})

test('an owner adds a scale, is told what is wrong with its address, and tries it', async () => {
  const { page } = await openSection(browser, box, 'printers', { viewport: TABLET })
  await page.getByRole('tab', { name: 'Весы' }).click()
  await page.getByText('Весов нет').waitFor()
  await shot(page, 'scales-none')
  await expectAccessible(page, 'scales, none')
  await page.getByRole('button', { name: 'Добавить весы' }).click()
  await page.getByLabel('Название').fill('Гриль')
  await page.getByLabel('Вид').selectOption('METTLER')
  await page.getByLabel('Адрес').fill('192.168.1.60')
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText(/вместе с портом/).waitFor()
  await everySize(page, 'scales-form', SIZES)
  await page.getByLabel('Адрес').fill(`127.0.0.1:${(scale.address() as AddressInfo).port}`)
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByRole('button', { name: /Гриль/ }).click()
  await page.getByText('Взвесить', { exact: true }).click()
  await page.getByText(/0,480\sкг/).first().waitFor()
  await everySize(page, 'scales', SIZES)
  await page.close()
})

test('a waiter reads the weight with one tap, and is told why there is none', async () => {
  const { page } = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  await openTable(page, TABLE)
  await pane(page, TABLE).getByRole('button', { name: /Добавить|Меню/ }).first().click()
  await page.getByLabel('Найти блюдо').fill('шашлык на вес')
  await page.locator('button.dish', { hasText: DISH }).click()
  const sheet = page.getByRole('dialog', { name: DISH })
  const weigh = sheet.getByRole('button', { name: 'Взвесить: Гриль' })
  lies = 'S S      0.000 kg'
  await weigh.click()
  await sheet.getByText(/На весах пусто/).waitFor()
  await everySize(page, 'scales-pad', SIZES)
  await page.setViewportSize(PHONE)
  lies = 'S S      0.480 kg'
  await weigh.click()
  await expect.poll(() => sheet.getByLabel('Сколько граммов').inputValue()).toBe('480')
  await sheet.getByRole('button', { name: /^Добавить/ }).click()
  await page.getByRole('button', { name: 'К заказу' }).first().click()
  await pane(page, TABLE).getByText(/0,480\sкг/).waitFor()
  await page.close()
})
