// A business lunch, from the owner's picture of it to the bill: a waiter sells one, the kitchen cooks its parts, the bill
// shows one price, and a guest orders another from a phone.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, WALL, type Watched } from './browser'
import { openSection } from './owner'
import { openTable, pane, signIn } from './pad'

interface Line {
  id: number
  dish_name: string
  status: string
  total: string
  combo?: { id: number; name: string }
}

const PAD = { width: 768, height: 1024 }
const TABLE = 11
const LUNCH = 'Бизнес-ланч'

let box: Box
let browser: Browser
let admin: Person
let tables: { id: number; number: number; qr_code: string }[]
let anna: Watched

const plain = (text: string): string => text.replace(/[\s\u00a0\u202f]+/g, ' ')
const sheet = (page: Page) => page.getByRole('dialog')
const part = (page: Page, name: string) => sheet(page).getByRole('region', { name, exact: true })
const orderAt = async (number: number): Promise<{ id: number; total_price: string; items: Line[] }> => {
  const table = tables.find((one) => one.number === number)!
  const [first] = await admin.get<{ id: number }[]>(`/orders/active/table/${table.id}`)
  return admin.get(`/orders/${first!.id}`)
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('a waiter sells a business lunch: its parts are asked on one sheet, the usual ones chosen', async () => {
  anna = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  const { page } = anna
  await openTable(page, TABLE)
  await pane(page, TABLE).getByRole('button', { name: 'Добавить', exact: true }).click()
  await page.getByLabel('Найти блюдо').fill('бизнес')
  await page.getByRole('button', { name: new RegExp(`^Добавить: ${LUNCH}`) }).click()
  await sheet(page).getByRole('button', { name: /^Добавить · 790/ }).waitFor()
  await part(page, 'Горячее').getByRole('button', { name: /Чкмерули/ }).click()
  await part(page, 'Напиток').getByRole('button', { name: /Эспрессо/ }).click()
  await sheet(page).getByRole('button', { name: /^Добавить · 910/ }).waitFor()
  for (const viewport of [TABLET, PAD]) {
    await page.setViewportSize(viewport)
    const hidden = await sheet(page).evaluate((dialog) => {
      const body = dialog.querySelector('.body')!.getBoundingClientRect()
      return [...dialog.querySelectorAll('[data-part] .choices')].filter((one) => one.getBoundingClientRect().bottom > body.bottom + 1).length
    })
    expect(hidden, `parts out of sight at ${viewport.width}`).toBe(0)
  }
  await page.setViewportSize(TABLET)
  await everySize(page, 'combos-waiter', [TABLET, PAD, PHONE])
  // What the espresso may have unfolds when it is asked for.
  await part(page, 'Напиток').getByRole('button', { name: /^Добавки: Эспрессо/ }).click()
  await part(page, 'Напиток').getByRole('button', { name: /Овсяное/ }).click()
  await sheet(page).getByRole('button', { name: /^Добавить · 970/ }).click()
  const draft = pane(page, TABLE).getByRole('listitem').filter({ hasText: LUNCH })
  expect(plain(await draft.innerText())).toContain('Борщ, Чкмерули, Эспрессо (Овсяное)')
  await pane(page, TABLE).getByRole('button', { name: /^Отправить на кухню/ }).click()
  const group = pane(page, TABLE).getByRole('list', { name: LUNCH })
  await group.getByText('Чкмерули').waitFor()
  await shot(page, 'combos-pane')
  await expectAccessible(page, 'combos, order')
  const order = await orderAt(TABLE)
  expect(order.total_price).toBe('970.00')
  expect(order.items.map(({ dish_name, combo }) => [dish_name, combo?.name])).toEqual([
    ['Борщ', LUNCH],
    ['Чкмерули', LUNCH],
    ['Эспрессо', LUNCH],
  ])
})

test('the kitchen reads of which combo a dish is, and cooks the parts', async () => {
  const { page, complaints } = await openPage(browser, box.origin, { viewport: WALL })
  await page.goto(`${box.origin}/app/kitchen`)
  await page.getByRole('button', { name: 'Войти по паролю' }).click()
  await page.getByLabel('Имя для входа').fill('kitchen')
  await page.getByLabel('Пароль').fill('kitchen')
  await page.getByRole('button', { name: 'Войти', exact: true }).click()
  await page.getByText('● на связи').waitFor()
  const line = page.locator('[data-item]').filter({ hasText: 'Чкмерули' })
  await line.waitFor()
  expect(plain(await line.innerText())).toContain(LUNCH)
  await shot(page, 'combos-wall')
  await expectAccessible(page, 'combos, wall')
  for (const name of ['Борщ', 'Чкмерули', 'Эспрессо']) {
    await page.locator('[data-item]').filter({ hasText: name }).locator('button.dish').click()
  }
  await expect.poll(async () => (await orderAt(TABLE)).items.map(({ status }) => status)).toEqual(['READY', 'READY', 'READY'])
  expect(complaints).toEqual([])
  await page.context().close()
  await pane(anna.page, TABLE).getByRole('list', { name: LUNCH }).getByText('Борщ').waitFor()
  await shot(anna.page, 'combos-pane-ready')
})

test('the bill shows one price, with the parts beneath it', async () => {
  const { page } = anna
  await pane(page, TABLE).getByRole('button', { name: 'Счёт', exact: true }).click()
  const paper = page.getByRole('region', { name: 'Счёт 1', exact: true }).first()
  const row = paper.getByRole('listitem').filter({ hasText: LUNCH }).first()
  await row.waitFor()
  expect(plain(await row.innerText())).toMatch(/Бизнес-ланч 970/)
  const soup = paper.getByRole('listitem').filter({ hasText: 'Борщ' })
  expect(plain(await soup.innerText())).not.toMatch(/₽/)
  await everySize(page, 'combos-bill', [TABLET, PAD])
})

test('a guest orders a business lunch too', async () => {
  const number = 14
  const guest = await openPage(browser, box.origin, { viewport: PHONE, hasTouch: true, isMobile: true })
  const { page } = guest
  await page.goto(`${box.origin}/menu/${encodeURIComponent(tables.find((one) => one.number === number)!.qr_code)}`)
  await page.getByRole('button', { name: `Добавить: ${LUNCH}` }).click()
  await part(page, 'Суп').getByRole('button', { name: /Харчо/ }).click()
  await sheet(page).getByRole('button', { name: /^Добавить · 850/ }).waitFor()
  await everySize(page, 'combos-guest', [TABLET, PAD, PHONE])
  await sheet(page).getByRole('button', { name: /^Добавить · / }).click()
  await page.getByRole('button', { name: /^Заказ ·/ }).click()
  expect(plain(await sheet(page).innerText())).toContain('Харчо, Котлета по-киевски, Ржаной квас')
  await shot(page, 'combos-guest-basket')
  await page.getByRole('button', { name: /^Заказать ·/ }).click()
  await page.locator('[data-status]').first().waitFor()
  const order = await orderAt(number)
  expect(order.items.map(({ dish_name }) => dish_name)).toEqual(['Харчо', 'Котлета по-киевски', 'Ржаной квас'])
  expect(order.total_price).toBe('850.00')
  await page.getByText(LUNCH, { exact: true }).first().waitFor()
  await shot(page, 'combos-guest-order')
  await expectAccessible(page, 'combos, guest’s order')
  expect(guest.complaints).toEqual([])
  await page.context().close()
})

test('the owner sees combos as a picture of their parts, adds one, stops it, deletes it', async () => {
  const { page, complaints } = await openSection(browser, box, 'menu')
  await page.getByRole('tab', { name: 'Комбо' }).or(page.getByRole('button', { name: 'Комбо', exact: true })).first().click()
  const card = page.getByRole('listitem', { name: LUNCH })
  await card.waitFor()
  expect(plain(await card.innerText())).toContain('По отдельности')
  await everySize(page, 'combos-admin', [LAPTOP, TABLET, PAD, PHONE])

  await page.getByRole('button', { name: 'Добавить комбо' }).click()
  await sheet(page).getByLabel('Название', { exact: true }).fill('Завтрак')
  await sheet(page).getByLabel('Цена', { exact: true }).fill('500')
  const names = sheet(page).getByLabel('Часть', { exact: true })
  await names.nth(0).fill('Напиток')
  await names.nth(1).fill('Сладкое')
  for (const [partName, wish, dish] of [['Напиток', 'капуч', 'Капучино, 0,2 л'], ['Сладкое', 'медов', 'Медовик']] as const) {
    await sheet(page).getByLabel(`Добавить блюдо: ${partName}`).fill(wish)
    await sheet(page).getByRole('button', { name: `+ ${dish}` }).or(sheet(page).getByRole('button', { name: dish, exact: true })).first().click()
  }
  await shot(page, 'combos-admin-form')
  await expectAccessible(page, 'combos, form')
  await sheet(page).getByRole('button', { name: 'Сохранить' }).click()
  const breakfast = page.getByRole('listitem', { name: 'Завтрак' })
  await breakfast.waitFor()
  await sheet(page).waitFor({ state: 'detached' })

  await breakfast.getByRole('button', { name: /Завтрак/ }).last().click()
  await page.getByRole('menuitem', { name: 'Поставить на стоп' }).click()
  await breakfast.getByText('на стопе').first().waitFor()
  await breakfast.getByRole('button', { name: /Завтрак/ }).last().click()
  await page.getByRole('menuitem', { name: 'Удалить' }).click()
  await sheet(page).getByRole('button', { name: 'Удалить' }).click()
  await breakfast.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
  await page.context().close()
})
