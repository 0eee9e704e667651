// The demo's cellar: the leak that the variance finds, what dishes cost, tables, a count without a link, the cook's sheet.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, type Watched } from './browser'
import { openSection, signInAs } from './owner'
import { photograph } from './photograph'

const PAD = { width: 768, height: 1024 }

let box: Box
let browser: Browser
let admin: Person
let owner: Watched

async function everySize({ page }: Watched, name: string): Promise<void> {
  const before = page.viewportSize()!
  for (const viewport of [TABLET, PAD, PHONE]) {
    await page.setViewportSize(viewport)
    await shot(page, `cellar-${name}-${viewport.width}`)
    await expectAccessible(page, `cellar, ${name}, ${viewport.width}`)
  }
  await page.setViewportSize(before)
}

interface Count {
  id: number
  at: string
}

beforeAll(async () => {
  box = await Box.demo({}, 30)
  browser = await openBrowser()
  admin = await box.signIn('admin')
  owner = await openSection(browser, box, 'stock', { viewport: LAPTOP })
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('the variance between two counts names the salmon first', async () => {
  const { page } = owner
  await page.getByRole('tab', { name: 'Расхождения' }).click()
  const { documents } = await admin.get<{ documents: Count[] }>('/stock/documents?kind=COUNT')
  expect(documents).toHaveLength(2)
  await page.getByRole('button', { name: 'Лосось, филе' }).waitFor()
  const names = await page.locator('tbody button.open').allInnerTexts()
  expect(names[0]).toBe('Лосось, филе')
  await page.getByText(/▲\s*1,8\d*\sкг/).first().waitFor()
  await everySize(owner, 'variance')
  await page.getByRole('tab', { name: 'Остатки' }).click()
  await everySize(owner, 'levels')
  expect(owner.complaints).toEqual([])
})

for (const locale of ['ru-RU', 'en-GB'] as const) {
  test(`what dishes cost, in ${locale}`, async () => {
    const isRussian = locale === 'ru-RU'
    const reports = await openSection(browser, box, 'reports', { viewport: LAPTOP, locale })
    const { page } = reports
    await page.getByLabel(isRussian ? 'На графике' : 'In the plot').selectOption({ label: isRussian ? 'Фудкост' : 'Food cost' })
    await page.getByRole('heading', { name: isRussian ? 'Фудкост' : 'Food cost', exact: true }).waitFor()
    await everySize(reports, `days-${locale}`)
    await page.getByRole('tab', { name: isRussian ? 'Блюда' : 'Dishes', exact: true }).click()
    await page.getByText(isRussian ? 'Звёзды' : 'Stars').waitFor()
    await page.getByRole('columnheader', { name: isRussian ? 'Себестоимость' : 'Cost of goods' }).waitFor()
    await everySize(reports, `dishes-${locale}`)
    for (const viewport of [PHONE, TABLET]) {
      await page.setViewportSize(viewport)
      await page.locator('#menu-fields').scrollIntoViewIfNeeded()
      await page.evaluate(() => document.querySelector('#menu-fields')?.scrollIntoView())
      await shot(page, `cellar-fields-${locale}-${viewport.width}`)
    }
    expect(reports.complaints).toEqual([])
  })
}

test('a table goes out, comes in, and is looked at first', async () => {
  const { page } = owner
  await page.getByRole('tab', { name: 'Таблицы' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  expect((await download).suggestedFilename()).toBe('qres-goods.csv')
  const file = (text: string) => ({ name: 'goods.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.locator('input[type=file]').setInputFiles(file('Товар;Единица\nСоль;ложка\n'))
  await page.getByText('Нужно г, мл или шт.').waitFor()
  await everySize(owner, 'table-wrong')
  await page.locator('input[type=file]').setInputFiles(file('Товар;Единица;Упаковка;В упаковке\nСоль;г;Пачка;1000\n'))
  await page.getByText('Соль', { exact: true }).waitFor()
  await everySize(owner, 'table')
  await page.getByRole('button', { name: 'Загрузить' }).click()
  await page.getByText('Таблица загружена').waitFor()
  expect((await admin.get<{ total: number }>('/stock/goods?search=Соль')).total).toBe(1)
  expect(owner.complaints).toEqual([])
})

test('an invoice comes with its photo, and a pack is found by its barcode', async () => {
  const { page } = owner
  await page.getByRole('tab', { name: 'Документы' }).click()
  await page.getByRole('button', { name: 'Новый документ' }).click()
  const form = page.getByRole('dialog', { name: 'Новый документ' })
  await form.locator('input[type=file]').setInputFiles({ name: 'invoice.png', mimeType: 'image/png', buffer: photograph(1200, 1600) })
  await form.getByRole('img').waitFor()
  const { goods } = await admin.get<{ goods: { packs: { barcode: string | null }[] }[] }>('/stock/goods?search=Сливки')
  await form.getByLabel('Штрихкод').fill(goods[0]!.packs[0]!.barcode!)
  await form.getByLabel('Штрихкод').press('Enter')
  await form.getByText('Найдено: Сливки 33 %').waitFor()
  await form.getByLabel('Количество').fill('6')
  await form.getByLabel('Сумма').fill('2400')
  await everySize(owner, 'invoice')
  await form.getByRole('button', { name: 'Провести' }).click()
  await form.waitFor({ state: 'detached' })
  // Its own row: that of an older one is the first until the list is read anew.
  await page.getByRole('row', { name: /2\s400/ }).getByRole('button', { name: 'Приход' }).click()
  const sheet = page.getByRole('dialog', { name: 'Приход' })
  await sheet.getByRole('img', { name: 'Накладная' }).waitFor()
  await sheet.getByText('Сливки 33 %').waitFor()
  await everySize(owner, 'invoice-posted')
  await page.keyboard.press('Escape')
  expect(owner.complaints).toEqual([])
})

test('a count without a link lies on the phone, and is posted when the link is back', async () => {
  const phone = await openSection(browser, box, 'stock', { viewport: PHONE })
  const { page } = phone
  await page.getByRole('tab', { name: 'Документы' }).click()
  await page.getByRole('button', { name: 'Инвентаризация' }).first().click()
  const form = page.getByRole('dialog', { name: 'Инвентаризация' })
  await form.getByLabel('Штрихкод').waitFor()
  await page.context().setOffline(true)
  const { goods } = await admin.get<{ goods: { packs: { barcode: string | null }[] }[] }>('/stock/goods?search=Томаты')
  await form.getByLabel('Штрихкод').fill(goods[0]!.packs[0]!.barcode!)
  await form.getByLabel('Штрихкод').press('Enter')
  await form.getByText('Найдено: Томаты').waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[data-good]') !== null)).toBe(true)
  await page.keyboard.type('12 000')
  await shot(page, 'cellar-count-390')
  await expectAccessible(page, 'cellar, a count on the phone')
  await form.getByRole('button', { name: 'Провести' }).click()
  await page.getByText('Ждёт связи: инвентаризация, строк: 1.').waitFor()
  await shot(page, 'cellar-count-waits-390')
  await page.context().setOffline(false)
  await page.getByText('Ждёт связи').waitFor({ state: 'detached', timeout: 60_000 })
  const { levels } = await admin.get<{ levels: { quantity: number }[] }>('/stock/levels?search=Томаты')
  expect(levels[0]!.quantity).toBe(12_000)
})

test('a cook writes down what was made and what was thrown away', async () => {
  const broth = async () => (await admin.get<{ levels: { quantity: number }[] }>('/stock/levels?search=Бульон')).levels[0]!.quantity
  const before = await broth()
  const kitchen = await openPage(browser, box.origin, { viewport: TABLET })
  const { page } = kitchen
  await page.goto(`${box.origin}/app/kitchen`)
  await page.getByRole('button', { name: 'Войти по паролю' }).click()
  await signInAs(page, 'kitchen')
  await page.getByRole('button', { name: /Стоп-лист/ }).click()
  await page.getByRole('button', { name: 'Заготовки и списание' }).click()
  await page.getByRole('button', { name: 'Бульон говяжий' }).click()
  await page.getByLabel('Сколько, мл').fill('5000')
  await everySize(kitchen, 'cook')
  await page.getByRole('button', { name: 'Приготовили', exact: true }).last().click()
  await page.getByText('Записано: Бульон говяжий').waitFor()
  expect(await broth()).toBe(before + 5000)
  await page.getByRole('button', { name: 'Списать' }).click()
  await page.getByRole('searchbox').fill('Свёкла')
  await page.getByRole('button', { name: 'Свёкла' }).click()
  await page.getByLabel('Сколько, г').fill('200')
  await page.getByRole('button', { name: 'Испортилось' }).click()
  await page.getByText('Списано: Свёкла').waitFor()
  expect(kitchen.complaints).toEqual([])
})
