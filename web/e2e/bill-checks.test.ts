// Checks that lie side by side: dishes go from one to another; money of which nobody knows; money that goes back another
// way than it came.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { expectAccessible, openBrowser, PHONE, shot, TABLET, type Watched } from './browser'
import { approved, openTable, pane, signIn } from './pad'

interface Check {
  id: number
  state: string
  lines: { item_id: number; quantity: number; dish_name: string }[]
  payments: { id: number; state: string; method: string; is_refund: boolean; way_reason: string | null; cleared_reason: string | null }[]
  total: string
  due: string
}
interface Bill {
  version: number
  total: string
  checks: Check[]
}

const PAD = { width: 768, height: 1024 }

let box: Box
let browser: Browser
let admin: Person
let anna: Watched
let page: Page
let tables: { id: number; number: number }[]
let dishes: { id: number; name: string }[]
let methods: { id: number; name: string; kind: string }[]

const billOf = (orderId: number): Promise<Bill> => admin.get(`/orders/${orderId}/checks`)
const check = (number: number) => page.getByRole('region', { name: `Счёт ${number}`, exact: true })
const sum = (bill: Bill): number => bill.checks.reduce((all, { total }) => all + Math.round(Number(total) * 100), 0)
const namesOn = ({ lines }: Check): string[] => lines.map(({ dish_name }) => dish_name)

async function order(number: number, names: [string, number][]): Promise<number> {
  const items = names.map(([name, quantity]) => ({ dish_id: dishes.find((dish) => dish.name === name)!.id, quantity }))
  const table_id = tables.find((one) => one.number === number)!.id
  return (await admin.post<{ id: number }>('/orders/', { table_id, order_type: 'DINE_IN', items })).id
}

async function openBill(number: number): Promise<void> {
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await openTable(page, number)
  await pane(page, number).getByRole('button', { name: 'Счёт', exact: true }).click()
  await check(1).waitFor()
}

/** An order of three dishes on two checks: the soup lies on the second. */
async function two(number: number): Promise<number> {
  const id = await order(number, [['Борщ', 1], ['Паста карбонара', 2], ['Бефстроганов', 1]])
  const { version, checks } = await billOf(id)
  const soup = checks[0]!.lines.find(({ dish_name }) => dish_name === 'Борщ')!
  await admin.post(`/orders/${id}/split`, { version, by: 'lines', checks: [[{ item_id: soup.item_id, quantity: 1 }]] })
  await openBill(number)
  await check(2).waitFor()
  return id
}

/** The same moment in every size, language and light. */
async function everyLook(name: string): Promise<void> {
  for (const language of ['ru', 'en']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const viewport of [TABLET, PAD, PHONE]) {
        await page.setViewportSize(viewport)
        await shot(page, `checks-${name}-${viewport.width}-${language}-${colorScheme}`)
        await expectAccessible(page, `checks, ${name}, ${viewport.width}, ${language}, ${colorScheme}`)
      }
    }
    await page.setViewportSize(TABLET)
    await page.evaluate(() => (document.querySelector('header button[lang]') as HTMLElement).click())
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
  methods = await admin.get('/payment-methods/active')
  const menu = await box.call<{ categories: { dishes: typeof dishes }[] }>('GET', '/dishes/menu', null)
  dishes = menu.categories.flatMap((category) => category.dishes)
  anna = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  page = anna.page
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

test('dishes go from check to check by taps, piece by piece, and the box hears of all at once', async () => {
  const id = await two(4)
  const before = await billOf(id)
  await page.getByRole('button', { name: 'Переложить', exact: true }).click()
  expect(await page.getByRole('button', { name: 'Выберите, что переложить' }).isDisabled()).toBe(true)
  await page.getByRole('button', { name: /карбонара.* на счёт 2$/ }).click()
  await page.getByRole('button', { name: /Борщ.* на счёт 1$/ }).click()
  await everyLook('relay')
  expect(await billOf(id)).toEqual(before)
  await page.getByRole('button', { name: 'Переложить блюда' }).click()
  await page.getByRole('button', { name: 'Переложить блюда' }).waitFor({ state: 'detached' })
  const after = await billOf(id)
  expect(after.checks.map((one) => namesOn(one))).toEqual([['Борщ', 'Паста карбонара', 'Бефстроганов'], ['Паста карбонара']])
  expect(sum(after)).toBe(sum(before))
  await everyLook('relaid')
})

test('by keys alone; a check from which everything goes is gone', async () => {
  const id = await two(7)
  await page.getByRole('button', { name: 'Переложить', exact: true }).press('Enter')
  await page.getByRole('button', { name: /Борщ.* на счёт 1$/ }).press('Enter')
  await page.getByRole('button', { name: 'Переложить блюда' }).press('Space')
  await expect.poll(async () => (await billOf(id)).checks.length).toBe(1)
  await check(2).waitFor({ state: 'detached' })
  expect(await page.getByRole('button', { name: 'Переложить', exact: true }).count()).toBe(0)
})

test('a dish is dragged from one paper to the other', async () => {
  const id = await two(10)
  const before = sum(await billOf(id))
  const line = check(1).getByRole('listitem').filter({ hasText: 'Бефстроганов' }).getByText('Бефстроганов')
  const from = (await line.boundingBox())!
  const to = (await check(2).boundingBox())!
  await page.mouse.move(from.x + 20, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(from.x + 60, from.y + 20, { steps: 4 })
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 })
  await shot(page, 'checks-dragged')
  await page.mouse.up()
  await check(2).getByText('Бефстроганов').waitFor()
  const after = await billOf(id)
  expect(after.checks.map((one) => namesOn(one))).toEqual([['Паста карбонара'], ['Борщ', 'Бефстроганов']])
  expect(sum(after)).toBe(before)
})

test('money of which nobody knows is named over the room, found out with somebody’s word, and the bill goes on', async () => {
  const id = await order(9, [['Борщ', 2]])
  const [open] = (await billOf(id)).checks
  const card = methods.find(({ kind }) => kind === 'CARD')!
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await admin.post(`/checks/${open!.id}/payments`, { method_id: card.id, amount: open!.due, expected_due: open!.due, state: 'PENDING' })
  const strip = page.getByRole('region', { name: 'Платежи не подтверждены' })
  await strip.getByRole('button', { name: /Стол 9/ }).waitFor()
  await everyLook('unclear-strip')
  await strip.getByRole('button', { name: /Стол 9/ }).click()
  await check(1).getByText('платёж не подтверждён').waitFor()
  expect(await check(1).getByRole('button', { name: 'Забрать у гостя' }).count()).toBe(0)
  await check(1).getByRole('button', { name: /^Деньги пришли\?/ }).click()
  const sheet = page.getByRole('dialog', { name: /^Деньги пришли\?/ })
  expect(await sheet.getByRole('button', { name: 'Деньги пришли', exact: true }).isDisabled()).toBe(true)
  await sheet.getByRole('button', { name: 'Спросить ещё раз' }).click()
  await sheet.getByText('Коробка пока не знает').waitFor()
  await everyLook('unclear')
  await sheet.getByRole('radio', { name: 'Чек терминала' }).press('Space')
  await sheet.getByRole('button', { name: 'Не пришли' }).press('Enter')
  await approved(page, 'Деньги не пришли: снять оплату')
  await sheet.waitFor({ state: 'detached' })
  await strip.getByRole('button').waitFor({ state: 'detached' })
  const [now] = (await billOf(id)).checks
  expect(now!.payments).toMatchObject([{ state: 'FAILED', cleared_reason: 'Чек терминала' }])
  expect(now!.due).toBe(open!.due)

  // Of the next one the money came.
  await admin.post(`/checks/${open!.id}/payments`, { method_id: card.id, amount: open!.due, expected_due: open!.due, state: 'PENDING' })
  await check(1).getByRole('button', { name: /^Деньги пришли\?/ }).click()
  await sheet.getByRole('radio', { name: 'Приложение банка' }).check()
  await sheet.getByRole('button', { name: 'Деньги пришли', exact: true }).click()
  await approved(page, 'Деньги пришли: принять оплату')
  await expect.poll(async () => (await billOf(id)).checks[0]!.state).toBe('PAID')
})

test('money goes back another way than it came: with a reason, and somebody’s word', async () => {
  const id = await order(8, [['Борщ', 2]])
  const [open] = (await billOf(id)).checks
  const card = methods.find(({ kind }) => kind === 'CARD')!
  await openBill(8)
  await page.getByRole('radio', { name: 'Карта' }).check()
  await page.getByRole('radio', { name: 'Половина' }).check()
  await page.getByRole('button', { name: /^Принять .* · / }).click()
  await page.getByRole('button', { name: 'Следующий платёж' }).click()
  await check(1).getByRole('button', { name: /^Вернуть: / }).click()
  const sheet = page.getByRole('dialog', { name: /^Возврат/ })
  await sheet.getByRole('radio', { name: 'Оплатили дважды' }).check()
  await sheet.getByRole('radio', { name: 'Наличные' }).check()
  expect(await sheet.getByRole('button', { name: /^Вернуть \d/ }).isDisabled()).toBe(true)
  await sheet.getByRole('radio', { name: 'Карты уже нет' }).check()
  await everyLook('other-way')
  await sheet.getByRole('button', { name: /^Вернуть \d/ }).click()
  await approved(page, 'Вернуть деньги другим способом')
  await page.getByText(/^Возвращено/).waitFor()
  const [after] = (await billOf(id)).checks
  const back = after!.payments.find(({ is_refund }) => is_refund)!
  expect(back).toMatchObject({ method: 'Наличные', way_reason: 'Карты уже нет' })
  expect(after!.payments[0]!.method).toBe(card.name)
  expect(after!.due).toBe(open!.due)
})

test('no page called another host or failed', () => {
  expect(anna.complaints).toEqual([])
})
