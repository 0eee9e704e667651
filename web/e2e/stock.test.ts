// From the invoice to what is on the shelf: a good, a recipe, a purchase, a dish that is sold, and a document that is
// taken back.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'
import { openSection } from './owner'

interface Level {
  good_id: number
  name: string
  quantity: number
  value: string
}

const PAD = { width: 768, height: 1024 }

let box: Box
let browser: Browser
let admin: Person
let owner: Watched
let dish: { id: number; name: string; variations: { id: number; name: string }[] }

const level = async (): Promise<Level> => (await admin.get<{ levels: Level[] }>('/stock/levels?search=Говядина')).levels[0]!

/** The same moment in every size and light. */
async function everySize({ page }: Watched, name: string): Promise<void> {
  const before = page.viewportSize()!
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const viewport of [TABLET, PAD, PHONE]) {
      await page.setViewportSize(viewport)
      await shot(page, `stock-${name}-${viewport.width}-${colorScheme}`)
      await expectAccessible(page, `stock, ${name}, ${viewport.width}, ${colorScheme}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(before)
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  const { categories } = await box.call<{ categories: { dishes: (typeof dish)[] }[] }>('GET', '/dishes/menu', null)
  dish = categories.flatMap(({ dishes }) => dishes).find(({ variations }) => variations.length === 1)!
  owner = await openSection(browser, box, 'stock', { viewport: LAPTOP })
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('a good is written down, by the keyboard', async () => {
  const { page } = owner
  await page.getByText('Товаров пока нет').waitFor()
  await everySize(owner, 'empty')
  await page.getByRole('tab', { name: 'Товары' }).click()
  await page.getByRole('button', { name: 'Новый товар' }).press('Enter')
  const form = page.getByRole('dialog', { name: 'Новый товар' })
  await form.getByLabel('Название').fill('Говядина')
  await form.getByRole('button', { name: 'Добавить упаковку' }).click()
  await form.getByLabel('Упаковка', { exact: true }).fill('Ящик')
  await form.getByLabel(/^Сколько в ней/).fill('5 000')
  await form.getByLabel(/^Пора заказывать/).fill('2000')
  await everySize(owner, 'good')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Говядина' }).waitFor()
})

test('a recipe shows at once what is left, and then what it costs', async () => {
  const { page } = owner
  await page.getByRole('tab', { name: 'Техкарты' }).click()
  await page.getByRole('button', { name: 'Новая техкарта' }).click()
  const form = page.getByRole('dialog', { name: 'Новая техкарта' })
  await form.getByLabel('Блюдо и размер').selectOption({ value: String(dish.variations[0]!.id) })
  await form.getByLabel(/^Товар/).selectOption({ label: 'Говядина' })
  await form.getByLabel(/^Брутто/).fill('200')
  await form.getByLabel(/^Холодная/).fill('20')
  await form.getByLabel(/^Горячая/).fill('35')
  await form.getByText('на выходе 104').waitFor()
  await everySize(owner, 'recipe')
  await form.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByRole('button', { name: new RegExp(dish.name) }).waitFor()
})

test('an invoice comes in, a dish is sold, and the shelf says so', async () => {
  const { page } = owner
  await page.getByRole('tab', { name: 'Документы' }).click()
  await page.getByRole('button', { name: 'Новый документ' }).click()
  const form = page.getByRole('dialog', { name: 'Новый документ' })
  await form.getByLabel(/^Товар/).selectOption({ label: 'Говядина' })
  await form.getByLabel('Количество').fill('2')
  await form.getByLabel('В чём').selectOption({ index: 1 })
  await form.getByLabel('Сумма').fill('8000')
  await everySize(owner, 'document')
  await form.getByRole('button', { name: 'Провести' }).click()
  await page.getByRole('button', { name: 'Приход' }).waitFor()
  expect(await level()).toMatchObject({ quantity: 10_000, value: '8000.00' })
  await admin.post('/orders/', { order_type: 'TAKEAWAY', items: [{ dish_id: dish.id, quantity: 2 }] })
  await expect.poll(async () => (await level()).quantity, { timeout: 10_000 }).toBe(9_600)
  await page.getByRole('tab', { name: 'Остатки' }).click()
  await page.getByText('9,6').first().waitFor()
  await everySize(owner, 'levels')
  await page.getByRole('button', { name: 'Говядина' }).click()
  const moves = page.getByRole('dialog', { name: 'Говядина' })
  await moves.getByText('Продажа').waitFor()
  await everySize(owner, 'moves')
  await page.keyboard.press('Escape')
})

test('the invoice is taken back, and it is as if it had not been', async () => {
  const { page } = owner
  await page.getByRole('tab', { name: 'Документы' }).click()
  await page.getByRole('button', { name: 'Приход' }).click()
  const sheet = page.getByRole('dialog', { name: 'Приход' })
  await everySize(owner, 'purchase')
  await sheet.getByRole('button', { name: 'Отменить документ' }).click()
  const form = page.getByRole('dialog', { name: 'Отменить документ' })
  await form.getByLabel('Причина').fill('не тот поставщик')
  await form.getByRole('button', { name: 'Отменить документ' }).click()
  await page.getByText('отменён', { exact: true }).waitFor()
  expect(await level()).toMatchObject({ quantity: -400, value: '0.00' })
  await page.getByRole('tab', { name: 'Остатки' }).click()
  await page.getByText('минус', { exact: true }).waitFor()
  await everySize(owner, 'negative')
  expect(owner.complaints).toEqual([])
})

test('what is low is on the shopping list, in whole packs', async () => {
  const { page } = owner
  await page.getByRole('tab', { name: 'Что купить' }).click()
  await page.getByText('Цена ни с кем не договорена').first().waitFor()
  await page.getByText(/1 × Ящик, 5\sкг/).waitFor()
  await everySize(owner, 'shopping')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Скачать CSV' }).click()
  expect((await download).suggestedFilename()).toMatch(/^shopping_\d{4}-\d\d-\d\d\.csv$/)
  // On paper there is the list, and nothing of the page around it.
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByText(/1 × Ящик, 5\sкг/).isVisible()).toBe(true)
  expect(await page.getByRole('button', { name: 'Напечатать', includeHidden: true }).isVisible()).toBe(false)
  await shot(page, 'stock-shopping-paper')
  await page.emulateMedia({ media: 'screen' })
  await page.getByLabel('На сколько хватит').selectOption('14')
  await page.getByText(/1 × Ящик, 5\sкг/).waitFor()
  await page.getByRole('tab', { name: 'Остатки' }).click()
  expect(owner.complaints).toEqual([])
})

test('the same in English', async () => {
  const english = await openSection(browser, box, 'stock', { viewport: TABLET, locale: 'en-GB' })
  const { page } = english
  await page.getByText('below zero', { exact: true }).waitFor()
  await everySize(english, 'levels-en')
  await page.getByRole('tab', { name: 'Recipes' }).click()
  await page.getByRole('button', { name: new RegExp(dish.name) }).click()
  await page.getByText('One takes').waitFor()
  await everySize(english, 'recipe-en')
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: 'Shopping list' }).click()
  await page.getByText('No price agreed with anybody').first().waitFor()
  await everySize(english, 'shopping-en')
  expect(english.complaints).toEqual([])
})

test('a count finds the leak, and the variance names it', async () => {
  const { page } = owner
  const { good_id } = await level()
  const lines = [{ good_id, quantity: 10_000, sum: '8000' }]
  await admin.post('/stock/documents', { kind: 'PURCHASE', state: 'POSTED', place_id: 1, lines })
  expect(await level()).toMatchObject({ quantity: 9_600, value: '7680.00' })
  await page.getByRole('tab', { name: 'Документы' }).click()
  await page.getByRole('button', { name: 'Инвентаризация' }).click()
  const form = page.getByRole('dialog', { name: 'Инвентаризация' })
  await form.getByRole('button', { name: 'Провести' }).click()
  await form.getByText('Впишите хотя бы одно количество').waitFor()
  await form.getByLabel('Говядина, г').fill('9 500')
  await form.getByText('Посчитано товаров: 1').waitFor()
  await everySize(owner, 'count')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await level()).quantity).toBe(9_500)
  await page.getByRole('tab', { name: 'Расхождения' }).click()
  await page.getByText(/не хватает 80/).waitFor()
  await page.getByText(/▲\s*100\sг/).waitFor()
  await everySize(owner, 'variance')
  await page.getByRole('button', { name: 'Говядина' }).click()
  await page.getByRole('dialog', { name: 'Говядина' }).getByText('Инвентаризация').waitFor()
  await page.keyboard.press('Escape')
  expect(owner.complaints).toEqual([])
})

test('portions that are left are counted down, and the menu is without what ran out', async () => {
  const stop = await openSection(browser, box, 'stoplist', { viewport: LAPTOP })
  const { page } = stop
  const size = String(dish.variations[0]!.id)
  await page.getByLabel('Блюдо и размер').selectOption({ value: size })
  await page.getByLabel('Сколько осталось').fill('1')
  await page.keyboard.press('Enter')
  await page.getByText('осталось 1', { exact: true }).waitFor()
  await everySize(stop, 'portions')
  for (const locale of ['ru-RU', 'en-GB']) {
    const guest = await openPage(browser, box.origin, { locale })
    await guest.page.goto(`${box.origin}/menu`)
    const left = guest.page.locator('.dish .few').first()
    await left.scrollIntoViewIfNeeded()
    expect(await left.innerText()).toBe(locale === 'ru-RU' ? 'осталось 1' : '1 left')
    await everySize(guest, `guest-left-${locale}`)
    expect(guest.complaints).toEqual([])
  }
  await admin.post('/orders/', { order_type: 'TAKEAWAY', items: [{ dish_id: dish.id, quantity: 1 }] })
  await page.getByText('кончилось').waitFor()
  const menu = JSON.stringify(await box.call('GET', '/dishes/menu', null))
  expect(menu).not.toContain(`"${dish.name}"`)
  await everySize(stop, 'portions-none')
  await page.getByRole('button', { name: `Больше не считать: ${dish.name}` }).click()
  await page.getByText('кончилось').waitFor({ state: 'detached' })
  expect(stop.complaints).toEqual([])
})
