// The owner makes the menu: from nothing, in another order, from a file; and a guest's page shows it.

import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'
import { openSection } from './owner'
import { photograph } from './photograph'

interface Thing {
  id: number
  name: string
}
interface Whole {
  categories: (Thing & { dishes: Thing[] })[]
}

let box: Box
let browser: Browser
let admin: Person
let owner: Watched

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

const whole = () => admin.get<Whole>('/dishes/menu/whole')

/** As the restaurant is on its first day. */
async function emptyTheMenu(): Promise<void> {
  // First of all combos: what one of their parts has nothing beside is not deleted.
  const { combos } = await admin.get<{ combos: { dish_id: number }[] }>('/combos')
  for (const { dish_id } of combos) await admin.delete(`/dishes/${dish_id}`)
  for (const { id, dishes } of (await whole()).categories) {
    for (const dish of dishes) await admin.delete(`/dishes/${dish.id}`)
    await admin.delete(`/categories/${id}`)
  }
  const { ingredients } = await admin.get<{ ingredients: Thing[] }>('/ingredients')
  for (const { id } of ingredients) await admin.delete(`/ingredients/${id}`)
}

const saved = (page: Page, words: string) => page.getByText(`✓ ${words}`).waitFor()

async function addCategory(page: Page, name: string, button = 'Добавить раздел'): Promise<void> {
  await page.getByRole('button', { name: button }).click()
  const sheet = page.getByRole('dialog', { name: 'Новый раздел' })
  await sheet.getByLabel('Название раздела', { exact: false }).first().fill(name)
  await sheet.getByRole('button', { name: 'Сохранить', exact: true }).click()
  await saved(page, `Добавлено: ${name}`)
}

async function addDish(page: Page, name: string, price: string): Promise<void> {
  await page.getByRole('button', { name: 'Добавить блюдо' }).click()
  const sheet = page.getByRole('dialog', { name: 'Новое блюдо' })
  await sheet.getByLabel('Название', { exact: true }).fill(name)
  await sheet.getByLabel('Цена', { exact: true }).fill(price)
  await sheet.getByRole('button', { name: 'Сохранить', exact: true }).click()
  await saved(page, `Добавлено: ${name}`)
}

test('a menu is made from nothing: a category, a dish with two sizes, a photo and an allergen, and guests read it', async () => {
  await emptyTheMenu()
  owner = await openSection(browser, box, 'menu')
  const { page } = owner
  await page.getByRole('heading', { name: 'Меню пока пустое' }).waitFor()
  await shot(page, 'menu-empty')
  await expectAccessible(page, 'menu, empty')
  await addCategory(page, 'Супы', 'Добавить первый раздел')
  const empty = page.getByRole('heading', { name: 'В разделе «Супы» пока нет блюд' }).locator('..')
  // screens-1, 26: the only button of an empty section deleted it.
  await expect.poll(() => empty.getByRole('button').allTextContents()).toEqual(['Добавить блюдо', 'Удалить раздел'])
  await shot(page, 'menu-category-empty')

  await page.getByRole('button', { name: 'Добавить блюдо' }).click()
  const sheet = page.getByRole('dialog', { name: 'Новое блюдо' })
  await sheet.getByRole('button', { name: 'Сохранить', exact: true }).click()
  await sheet.getByText('Заполните это поле.').first().waitFor()
  await shot(page, 'menu-dish-refused')
  await expectAccessible(page, 'menu, a refused dish')

  const input = sheet.locator('input[type=file]')
  await input.setInputFiles({ name: 'борщ.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('это не фотография') })
  await sheet.getByText('Это не фотография.').waitFor()
  await input.setInputFiles({ name: 'борщ.png', mimeType: 'image/png', buffer: photograph(1200, 900) })
  await sheet.getByAltText('Фото:').waitFor()
  await sheet.getByLabel('Название', { exact: true }).fill('Борщ')
  await sheet.getByLabel('Описание · необязательно').fill('С говядиной и сметаной')
  await sheet.getByLabel('Размер', { exact: true }).fill('Малый')
  await sheet.getByLabel('Цена', { exact: true }).fill('290')
  await sheet.getByRole('button', { name: 'Добавить размер' }).click()
  await sheet.getByLabel('Размер', { exact: true }).nth(1).fill('Большой')
  await sheet.getByLabel('Цена', { exact: true }).nth(1).fill('350,50')
  await sheet.getByLabel('Новый аллерген').fill('Сельдерей')
  await sheet.getByLabel('Новый аллерген').press('Enter')
  await sheet.getByRole('button', { name: 'Сельдерей', pressed: true }).waitFor()
  await sheet.getByLabel('Название по-английски').fill('Borscht')
  await shot(page, 'menu-dish-form')
  await expectAccessible(page, 'menu, a dish')
  await sheet.getByRole('button', { name: 'Сохранить', exact: true }).click()
  await saved(page, 'Добавлено: Борщ')
  await page.getByText('от 290 ₽').waitFor()
  await shot(page, 'menu-first-dish')

  const guest = await openPage(browser, box.origin, { viewport: PHONE })
  await guest.page.goto(`${box.origin}/menu`)
  const dish = guest.page.getByRole('listitem').filter({ hasText: 'Борщ' })
  await dish.getByText('С говядиной и сметаной').waitFor()
  await dish.getByText('сельдерей').waitFor()
  await expect.poll(() => dish.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThanOrEqual(96)
  await guest.page.getByRole('button', { name: /^Борщ/ }).click()
  await guest.page.getByText('350,50').waitFor()
  await shot(guest.page, 'menu-guest-dish')
  expect(guest.complaints).toEqual([])
})

// Screens 6: a name and a price are enough, the next dish is one button away, and a sheet begins at its first field.
test('a cola needs no text, and the next dish follows in the same sheet', async () => {
  const { page } = owner
  await addCategory(page, 'Бар')
  const empty = page.getByRole('heading', { name: 'В разделе «Бар» пока нет блюд' }).locator('..')
  await empty.getByRole('button', { name: 'Добавить блюдо' }).click()
  const sheet = page.getByRole('dialog', { name: 'Новое блюдо' })
  const name = sheet.getByLabel('Название', { exact: true })
  await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true)
  for (const drink of ['Кола', 'Тоник']) {
    await name.fill(drink)
    await sheet.getByLabel('Цена', { exact: true }).fill('150')
    await sheet.getByRole('button', { name: 'Сохранить и добавить ещё' }).click()
    await saved(page, `Добавлено: ${drink}`)
    await expect.poll(() => name.inputValue()).toBe('')
    await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true)
  }
  await page.keyboard.press('Escape')
  const whole = await box.call<{ categories: { id: number; name: string; dishes: { id: number; name: string; description: string }[] }[] }>('GET', '/dishes/menu', null)
  const bar = whole.categories.find((category) => category.name === 'Бар')!
  expect(bar.dishes.map((dish) => [dish.name, dish.description])).toEqual([['Кола', ''], ['Тоник', '']])
  for (const dish of bar.dishes) await admin.delete(`/dishes/${dish.id}`)
  await admin.delete(`/categories/${bar.id}`)
  await page.reload()
  await page.getByRole('list', { name: 'Разделы' }).waitFor()
})

test('the order that the owner drags is the order on the guest’s page, by mouse and by keyboard, and can be taken back', async () => {
  const { page } = owner
  await addDish(page, 'Уха', '420')
  await addDish(page, 'Щи', '260')
  await addCategory(page, 'Напитки')
  const { tables } = await admin.get<{ tables: { qr_code: string }[] }>('/tables')
  const guest = await openPage(browser, box.origin, { viewport: PHONE })
  await guest.page.goto(`${box.origin}/menu/${encodeURIComponent(tables[0]!.qr_code)}`)
  const dishes = () => guest.page.locator('li.dish button.open b').allTextContents()
  await expect.poll(dishes).toEqual(['Борщ', 'Уха', 'Щи'])

  await page.getByRole('list', { name: 'Разделы' }).getByRole('button', { name: /^Супы/ }).click()
  const handle = (name: string) => page.getByRole('button', { name: `Перетащить: ${name}` })
  const from = (await handle('Щи').boundingBox())!
  const to = (await handle('Борщ').boundingBox())!
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
  await page.mouse.down()
  for (let step = 1; step <= 12; step++) {
    const y = from.y + from.height / 2 + ((to.y - 8 - from.y) * step) / 12
    await page.mouse.move(from.x + from.width / 2, y)
    await page.waitForTimeout(30)
  }
  await shot(page, 'menu-dragged')
  await page.mouse.up()
  await page.getByText('Порядок сохранён').waitFor()
  await expect.poll(dishes).toEqual(['Щи', 'Борщ', 'Уха'])
  await page.getByRole('button', { name: 'Вернуть' }).click()
  await expect.poll(dishes).toEqual(['Борщ', 'Уха', 'Щи'])

  await handle('Борщ').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await expect.poll(dishes).toEqual(['Уха', 'Борщ', 'Щи'])
  await page.getByRole('button', { name: 'Действия: Щи' }).click()
  await expectAccessible(page, 'menu, what can be done with a dish')
  await shot(page, 'menu-dish-actions')
  await page.getByRole('menuitem', { name: 'Выше' }).click()
  await expect.poll(dishes).toEqual(['Уха', 'Щи', 'Борщ'])
  await page.getByRole('button', { name: 'Действия: Щи' }).click()
  await page.getByRole('menuitem', { name: 'В раздел «Напитки»' }).click()
  await expect.poll(async () => (await whole()).categories.map((c) => c.dishes.map((d) => d.name))).toEqual([['Уха', 'Борщ'], ['Щи']])

  await page.getByRole('switch', { name: 'В продаже: Уха' }).click()
  await saved(page, 'На стопе: Уха')
  await expect.poll(dishes).toEqual(['Борщ', 'Щи'])
  expect(guest.complaints).toEqual([])
})

test('a file with wrong lines names each and changes nothing; a right one is shown before it is taken', async () => {
  const { page } = owner
  await page.getByRole('tab', { name: 'Импорт и экспорт' }).click()
  await page.getByRole('heading', { name: 'Импорт', exact: true }).waitFor()
  const tab = (await page.getByRole('tab', { name: 'Импорт и экспорт' }).elementHandle())!
  const laptop = page.viewportSize()!
  for (const width of [390, 768, 1024]) {
    await page.setViewportSize({ width, height: 844 })
    const isInSight = async () => (await tab.boundingBox())!.x + (await tab.boundingBox())!.width <= width
    await expect.poll(isInSight, { message: `the chosen tab at ${width}` }).toBe(true)
    await shot(page, `menu-transfer-${width}`)
  }
  await page.setViewportSize(laptop)
  await expectAccessible(page, 'menu, import and export')
  const before = await whole()
  const input = page.locator('input[type=file]')
  const sheet = (...lines: string[]) => ({
    name: 'меню.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['category,dish,variation,price,department,allergens', ...lines].join('\n')),
  })
  await input.setInputFiles(sheet('Супы,Борщ,Малый,310,hot,', 'Супы,Солянка,,даром,hot,', 'Супы,Рассольник,,300,печь,'))
  await page.getByText('В файле 2 ошибки, ничего не изменилось').waitFor()
  // A word is no number: nothing about thousands is said of it.
  await page.getByRole('row', { name: /строка 3, цена.*Нужно число/ }).waitFor()
  await page.getByRole('row', { name: /строка 4, цех/ }).waitFor()
  await shot(page, 'menu-import-wrong')
  await expectAccessible(page, 'menu, an import with wrong lines')
  expect(await page.getByRole('button', { name: 'Применить' }).count()).toBe(0)
  expect(await whole()).toEqual(before)

  // A long file: some on the page, all of them in a list.
  await input.setInputFiles(sheet(...Array.from({ length: 320 }, (_, i) => `Супы,Суп ${i},,даром,hot,`)))
  await page.getByText('В файле 320 ошибок, ничего не изменилось').waitFor()
  await page.getByText('Показаны первые 50.').waitFor()
  await everySize(page, 'menu-import-many-wrong', [LAPTOP, TABLET, PHONE])
  const [list] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Сохранить все 320 списком, CSV' }).click()])
  expect(list.suggestedFilename()).toBe('меню - ошибки.csv')
  const told = (await readFile(await list.path(), 'utf8')).trimEnd().split('\r\n')
  expect(told).toHaveLength(321)
  expect(told.slice(0, 2)).toEqual(['\uFEFF"Где";"Что не так"', '"строка 2, цена";"Нужно число."'])
  expect(told.at(-1)).toBe('"строка 321, цена";"Нужно число."')
  await page.getByRole('button', { name: 'Показать ещё 200' }).click()
  await page.getByRole('row', { name: /^строка 251, цена/ }).waitFor()
  await page.getByRole('button', { name: 'Показать ещё 70' }).click()
  await page.getByRole('row', { name: /^строка 321, цена/ }).waitFor()
  expect(await page.getByText(/Показаны первые|Показать ещё/).count()).toBe(0)

  await input.setInputFiles({ name: 'меню.csv', mimeType: 'text/csv', buffer: Buffer.from('category,dish,prise\nСупы,Борщ,300') })
  await page.getByText('Колонки «prise» нет.').waitFor()
  expect(await whole()).toEqual(before)

  await input.setInputFiles(sheet('Супы,Борщ,Малый,310,hot,Сельдерей', 'Супы,Солянка,,390,hot,'))
  await page.getByRole('heading', { name: 'Вот что изменится' }).waitFor()
  await page.getByText('290 ₽ → 310 ₽').waitFor()
  await shot(page, 'menu-import-dry-run')
  await expectAccessible(page, 'menu, what an import would change')
  expect(await whole()).toEqual(before)
  await page.getByRole('button', { name: 'Применить' }).click()
  await page.getByRole('heading', { name: 'Импорт выполнен' }).waitFor()
  const soups = (await whole()).categories.find(({ name }) => name === 'Супы')!
  expect(soups.dishes.map(({ name }) => name)).toContain('Солянка')

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Меню, CSV' }).click()])
  expect(download.suggestedFilename()).toBe('qres-menu.csv')
  expect(await readFile(await download.path(), 'utf8')).toContain('Супы,Борщ,С говядиной и сметаной,Малый,310.00,piece,hot')
  expect(owner.complaints).toEqual([])
})

test('it holds together on every screen, by day and by night, in both languages', async () => {
  const full = await Box.demo()
  try {
    for (const [name, options] of [
      ['laptop', { locale: 'en-GB' }],
      ['laptop-dark', { colorScheme: 'dark' }],
      ['tablet', { viewport: TABLET }],
      ['tablet-dark', { viewport: TABLET, colorScheme: 'dark', locale: 'en-GB' }],
      ['phone', { viewport: PHONE }],
      ['phone-dark', { viewport: PHONE, colorScheme: 'dark', locale: 'en-GB' }],
    ] as const) {
      const { page, complaints } = await openSection(browser, full, 'menu', options)
      await page.getByRole('button', { name: /^(Добавить блюдо|Add a dish)$/ }).waitFor()
      await shot(page, `menu-${name}`)
      await expectAccessible(page, `menu, ${name}`)
      await page.getByRole('button', { name: /^Маргарита/ }).first().click()
      await page.getByRole('dialog').waitFor()
      await shot(page, `menu-dish-${name}`)
      await expectAccessible(page, `menu, a dish, ${name}`)
      await page.keyboard.press('Escape')
      await page.getByRole('tab', { name: /Продукты|Ingredients/ }).click()
      await page.getByRole('table').waitFor()
      await shot(page, `menu-ingredients-${name}`)
      await expectAccessible(page, `menu, ingredients, ${name}`)
      await page.getByRole('tab', { name: /^(Меню|Menu)$/ }).click()
      await page.getByLabel(/Найти блюдо|Find a dish/).fill('суп')
      await shot(page, `menu-search-${name}`)
      await expectAccessible(page, `menu, a search, ${name}`)
      expect(complaints).toEqual([])
      await page.context().close()
    }
  } finally {
    await full.close()
  }
  // Six screens with four scans each: on a busy machine that takes its time.
}, 240_000)
