// Options of dishes, from the owner's group to the report: a guest builds a pizza of two halves, a waiter an espresso with
// oat milk and no sugar, the kitchen reads both in its own words, and the bill and the sums say so.

import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { everySize, expectAccessible, LAPTOP, openBrowser, openPage, PHONE, shot, TABLET, WALL, type Watched } from './browser'
import { openSection } from './owner'
import { choose, openTable, pane, signIn } from './pad'
import { photograph } from './photograph'

interface Line {
  id: number
  dish_name: string
  total: string
  modifiers?: { name: string; prefix?: string; portion?: number; quantity: number; amount: string }[]
}

const PAD = { width: 768, height: 1024 }
const TABLE = 12

let box: Box
let browser: Browser
let admin: Person
let tables: { id: number; number: number; qr_code: string }[]
let guest: Watched
let anna: Watched

const plain = (text: string): string => text.replace(/[\s\u00a0\u202f]+/g, ' ')
const sheet = (page: Page) => page.getByRole('dialog')
const group = (page: Page, name: string) => sheet(page).getByRole('region', { name: new RegExp(`^${name}`) })
/** The option shows its photo, small and really there. */
const expectPhoto = async (within: Locator, option: string) => {
  const photo = within.getByRole('button', { name: new RegExp(`^${option}`) }).locator('img')
  await expect.poll(() => photo.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.clientWidth])).toEqual([96, 40])
}
const orderOf = async (): Promise<{ id: number; total_price: string; items: Line[] }> => {
  const table = tables.find(({ number }) => number === TABLE)!
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

test('a guest builds a pizza of two halves, and the price lives with it', async () => {
  guest = await openPage(browser, box.origin, { viewport: PHONE, hasTouch: true, isMobile: true })
  const { page } = guest
  await page.goto(`${box.origin}/menu/${encodeURIComponent(tables.find(({ number }) => number === TABLE)!.qr_code)}`)
  await page.getByRole('button', { name: /^Добавить: Пицца из двух половин/ }).click()
  await sheet(page).getByRole('button', { name: /^Добавить · 790/ }).waitFor()
  const second = sheet(page).getByRole('group', { name: 'Половины, 2-я половина' })
  await second.getByRole('button', { name: /Дьявола/ }).click()
  await sheet(page).getByRole('button', { name: /^Добавить · 920/ }).waitFor()
  const toppings = group(page, 'Добавки к пицце')
  await toppings.getByRole('button', { name: /Моцарелла/ }).click()
  await toppings.getByRole('button', { name: 'Ещё: Моцарелла' }).click()
  await toppings.getByRole('button', { name: 'отдельно …' }).click()
  await toppings.getByRole('button', { name: /Чесночное масло/ }).click()
  await sheet(page).getByRole('button', { name: /^Добавить · 1 210/ }).waitFor()
  // 1240 of the dish, and twice 150 of the mozzarella.
  expect(plain(await sheet(page).innerText())).toMatch(/1 ?540 ккал/)
  await everySize(page, 'options-guest', [TABLET, PAD, PHONE])
  await sheet(page).getByRole('button', { name: /^Добавить · / }).click()

  await page.getByRole('button', { name: /^Заказ ·/ }).click()
  const said = plain(await sheet(page).innerText())
  expect(said).toContain('1-я ½ Маргарита, 2-я ½ Дьявола, 2 × Моцарелла, отдельно Чесночное масло')
  await shot(page, 'options-guest-basket')
  await expectAccessible(page, 'options, basket')
})

test('a guest reads what an option brings along that somebody may have to avoid', async () => {
  const { page } = guest
  await page.keyboard.press('Escape')
  await sheet(page).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Капучино/ }).first().click()
  const contains = () => sheet(page).getByRole('list', { name: 'Содержит' }).innerText()
  await group(page, 'Молоко').waitFor()
  expect(await contains()).toContain('молоко')
  expect(await contains()).not.toContain('орехи')
  await group(page, 'Молоко').getByRole('button', { name: /Миндальное/ }).click()
  await expect.poll(contains).toContain('орехи')
  await shot(page, 'options-guest-allergens')
  await expectAccessible(page, 'options, allergens')
  await page.keyboard.press('Escape')
  await sheet(page).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Заказ ·/ }).click()
})

test('an option that ran out meanwhile is named, and the rest is kept', async () => {
  const { page } = guest
  const { groups } = await admin.get<{ groups: { id: number; name: string; options: { id: number; name: string }[] }[] }>('/modifier-groups')
  const toppings = groups.find(({ name }) => name === 'Добавки к пицце')!
  const cheese = toppings.options.find(({ name }) => name === 'Моцарелла')!
  const offer = (is_available: boolean) => admin.patch(`/modifier-groups/${toppings.id}/options/${cheese.id}/availability`, { is_available })
  await offer(false)
  await sheet(page).getByText(/Из выбранного чего-то больше нет|Моцарелла: закончилось/).waitFor()
  await page.getByRole('button', { name: /^Заказать ·/ }).click()
  await sheet(page).getByText('Моцарелла: закончилось.').waitFor()
  await sheet(page).getByText('Меню изменилось, посмотрите отмеченное.').waitFor()
  await shot(page, 'options-guest-refused')
  await expectAccessible(page, 'options, refused')

  await sheet(page).getByRole('button', { name: /^Изменить: Пицца/ }).click()
  await sheet(page).getByRole('button', { name: /^Добавить · 970/ }).click()
  await page.getByRole('button', { name: /^Заказать ·/ }).click()
  await page.locator('[data-status]').first().waitFor()
  await page.getByText('Дьявола').first().waitFor()
  const [pizza] = (await orderOf()).items
  expect(pizza!.total).toBe('970.00')
  expect(pizza!.modifiers!.map(({ name, portion, prefix }) => [portion, prefix, name].filter(Boolean).join(' '))).toEqual([
    '1 Маргарита',
    '2 Дьявола',
    'ON_THE_SIDE Чесночное масло',
  ])
  await offer(true)
})

test('a waiter takes an espresso with oat milk and no sugar', async () => {
  anna = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  const { page } = anna
  await openTable(page, TABLE)
  await pane(page, TABLE).getByText('Дьявола').first().waitFor()
  await pane(page, TABLE).getByRole('button', { name: /^Принять заказ гостя/ }).click()
  await pane(page, TABLE).getByRole('button', { name: 'Добавить', exact: true }).click()
  // One tap adds it as it comes; the next says how.
  await choose(page, 'эспр', /^Добавить: Эспрессо, Одинарный/)
  await page.getByRole('region', { name: 'Пожелания: Эспрессо' }).getByRole('button', { name: 'Добавки' }).click()
  await group(page, 'Молоко').getByRole('button', { name: /Овсяное/ }).click()
  await group(page, 'К кофе').getByRole('button', { name: /^Сахар/ }).click()
  // Everything that is asked is seen at once.
  const scrolls = await sheet(page).evaluate((dialog) => {
    const body = dialog.querySelector('.body')!
    return body.scrollHeight - body.clientHeight
  })
  expect(scrolls).toBeLessThanOrEqual(0)
  await everySize(page, 'options-waiter', [TABLET, PAD, PHONE])
  await sheet(page).getByRole('button', { name: /^Готово · 250/ }).click()
  const draft = pane(page, TABLE).getByRole('listitem').filter({ hasText: 'Эспрессо' })
  expect(plain(await draft.innerText())).toContain('Овсяное, без Сахар')

  // A steak is asked for its doneness before it stands in the draft.
  await page.getByLabel('Найти блюдо').fill('рибай')
  await page.getByRole('button', { name: /^Добавить: Стейк рибай, 300/ }).click()
  await group(page, 'Прожарка').getByRole('button', { name: 'Слабая' }).click()
  await sheet(page).getByRole('button', { name: /^Добавить · 3 290/ }).click()
  await sheet(page).waitFor({ state: 'detached' })
  // By a long press, in place of the second tap.
  await page.getByLabel('Найти блюдо').fill('капуч')
  await page.getByRole('button', { name: /^Добавить: Капучино, 0,2/ }).click({ delay: 700 })
  await group(page, 'К кофе').getByRole('button', { name: /^Сироп/ }).click()
  const lacking = sheet(page).getByRole('button', { name: 'Выберите: Вкус сиропа' })
  expect(await lacking.isDisabled()).toBe(true)
  await group(page, 'Вкус сиропа').getByRole('button', { name: 'Ваниль' }).click()
  await sheet(page).getByRole('button', { name: /^Добавить · 340/ }).click()
  await shot(page, 'options-draft')
  await page.getByRole('button', { name: /^Отправить на кухню · 3/ }).click()
  await expect.poll(async () => (await orderOf()).items.length).toBe(4)
  const espresso = (await orderOf()).items.find(({ dish_name }) => dish_name === 'Эспрессо')!
  expect(espresso.total).toBe('250.00')
  expect(espresso.modifiers!.map(({ name, prefix }) => [prefix, name].filter(Boolean).join(' '))).toEqual(['Овсяное', 'NO Сахар'])
})

test('the same drinks again are three taps', async () => {
  const { page } = anna
  const toOrder = page.getByRole('button', { name: 'К заказу' }).first()
  if (await toOrder.isVisible()) await toOrder.click()
  const round = pane(page, TABLE).getByRole('button', { name: 'Повторить напитки · 2' })
  await round.click()
  const again = pane(page, TABLE).getByRole('listitem').filter({ hasText: 'без Сахар' })
  await again.first().waitFor()
  await page.getByRole('button', { name: /^Отправить на кухню · 2/ }).click()
  await expect.poll(async () => (await orderOf()).items.length).toBe(6)
})

test('the kitchen reads options loud, in its own words, and counts them', async () => {
  const { page, complaints } = await openPage(browser, box.origin, { viewport: WALL })
  await page.goto(`${box.origin}/app/kitchen`)
  await page.getByRole('button', { name: 'Войти по паролю' }).click()
  await page.getByLabel('Имя для входа').fill('kitchen')
  await page.getByLabel('Пароль').fill('kitchen')
  await page.getByRole('button', { name: 'Войти', exact: true }).click()
  await page.getByText('● на связи').waitFor()
  const ticket = page.getByRole('article', { name: `Стол ${TABLE}`, exact: true })
  await ticket.first().waitFor()
  const told = async () => plain((await ticket.allInnerTexts()).join(' '))
  // The guest's pizza comes when the waiter can no longer take their word back.
  for (const words of ['ДЬЯВ', 'ОВС', 'М-РЭА', 'Ваниль']) await expect.poll(told).toContain(words)
  expect(await ticket.locator('.no s').first().innerText()).toBe('Сахар')
  const counts = page.getByRole('complementary', { name: 'Готовить всего' })
  if (await counts.isVisible()) await counts.getByRole('button').first().click()
  for (const viewport of [WALL, { width: 1280, height: 800 }, TABLET, PHONE]) {
    await page.setViewportSize(viewport)
    await shot(page, `options-kitchen-${viewport.width}`)
    await expectAccessible(page, `options, kitchen, ${viewport.width}`)
  }
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the bill says what was chosen', async () => {
  const { page, complaints } = anna
  await pane(page, TABLE).getByRole('button', { name: 'Счёт', exact: true }).click()
  const paper = page.getByRole('region', { name: 'Счёт 1', exact: true }).first()
  await paper.waitFor()
  const said = plain(await paper.innerText())
  expect(said).toContain('2-я ½ Дьявола')
  expect(said).toContain('без Сахар')
  await everySize(page, 'options-bill', [TABLET, PAD, PHONE])
  expect(complaints).toEqual([])
  expect(guest.complaints).toEqual([])
})

test('the owner makes a group and gives it to a dish, which asks for it at once', async () => {
  const { page, complaints } = await openSection(browser, box, 'menu')
  await page.getByRole('tab', { name: 'Добавки' }).or(page.getByRole('button', { name: 'Добавки', exact: true })).first().click()
  await page.getByText('Прожарка').first().waitFor()
  await everySize(page, 'options-admin-list', [LAPTOP, TABLET, PHONE])
  await page.getByRole('button', { name: 'Добавить группу' }).click()
  await sheet(page).getByLabel('Название группы', { exact: true }).fill('Соус к рыбе')
  await sheet(page).getByLabel('Не меньше').fill('1')
  const names = sheet(page).getByLabel('Вариант', { exact: true })
  await names.nth(0).fill('Тартар')
  await names.nth(1).fill('Ткемали')
  await sheet(page).getByLabel('Доплата').nth(1).fill('90')
  await sheet(page).getByText('Фото, кухня, количество').first().click()
  await sheet(page)
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'тартар.png', mimeType: 'image/png', buffer: photograph(600, 450) })
  await sheet(page).getByAltText('Фото: Тартар').waitFor()
  await everySize(page, 'options-admin-form', [LAPTOP, TABLET, PHONE])
  await sheet(page).getByRole('button', { name: 'Сохранить' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await page.getByText('Тартар, Ткемали +90').waitFor()

  await page.getByRole('tab', { name: 'Меню' }).or(page.getByRole('button', { name: 'Меню', exact: true })).first().click()
  await page.getByLabel('Найти блюдо').fill('дорадо')
  await page.getByRole('button', { name: /^Дорадо на углях/ }).first().click()
  await sheet(page).getByLabel('Добавить группу к блюду').selectOption({ label: 'Соус к рыбе' })
  await sheet(page).getByRole('group', { name: 'Соус к рыбе' }).waitFor()
  await shot(page, 'options-admin-dish')
  await expectAccessible(page, 'options, the dish of the owner')
  await sheet(page).getByRole('button', { name: 'Сохранить' }).click()
  await sheet(page).waitFor({ state: 'detached' })

  const fish = await openPage(browser, box.origin, { viewport: PHONE, locale: 'en-GB' })
  await fish.page.goto(`${box.origin}/menu/${encodeURIComponent(tables.find(({ number }) => number === 3)!.qr_code)}`)
  await fish.page.getByRole('searchbox').fill('bream')
  await fish.page.getByRole('button', { name: /^Add: / }).first().click()
  const lacking = sheet(fish.page).getByRole('button', { name: 'Choose: Соус к рыбе' })
  await lacking.waitFor()
  expect(await lacking.isDisabled()).toBe(true)
  await expectPhoto(sheet(fish.page), 'Тартар')
  expect(await sheet(fish.page).getByRole('button', { name: /^Ткемали/ }).locator('img').count()).toBe(0)
  await shot(fish.page, 'options-guest-required-en')
  await expectAccessible(fish.page, 'options, required, en')
  await sheet(fish.page).getByRole('button', { name: /^Ткемали/ }).click()
  await sheet(fish.page).getByRole('button', { name: /^Add · 1 580/ }).waitFor()
  expect(fish.complaints).toEqual([])
  await fish.page.context().close()

  const pad = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  await openTable(pad.page, 4)
  await pane(pad.page, 4).getByRole('button', { name: 'Добавить', exact: true }).click()
  await pad.page.getByLabel('Найти блюдо').fill('дорадо')
  await pad.page.getByRole('button', { name: /^Добавить: Дорадо/ }).first().click()
  await expectPhoto(group(pad.page, 'Соус к рыбе'), 'Тартар')
  await everySize(pad.page, 'options-waiter-photo', [TABLET, PAD, PHONE])
  expect(pad.complaints).toEqual([])
  await pad.page.context().close()
  expect(complaints).toEqual([])
})

test('the stop-list holds options too', async () => {
  const { page, complaints } = await openSection(browser, box, 'stoplist')
  await page.getByLabel('Найти блюдо').fill('овсян')
  await page.getByRole('button', { name: /^нет Овсяное: Молоко/ }).click()
  await page.getByRole('button', { name: 'Вернуть: Молоко, Овсяное' }).waitFor()
  await shot(page, 'options-stoplist')
  await expectAccessible(page, 'options, stop-list')
  await page.getByRole('button', { name: 'Вернуть: Молоко, Овсяное' }).click()
  await page.getByText('Стоп-лист пуст: продаётся всё.').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})
