// A waiter's tablet over an evening: guests change tables, the pad changes hands, and the box is out of reach.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, Wire, type Person } from './box'
import { expectAccessible, forgetTones, openBrowser, shot, tones } from './browser'
import { choose, enterPin, gallery, openTable, pane, plate, signIn } from './pad'

interface Order {
  id: number
  order_type: string
  status: string
  customer_name: string | null
  delivery_address: string | null
  items: { id: number; dish_name: string; quantity: number; comment: string | null }[]
}

let box: Box
let browser: Browser
let admin: Person
let wire: Wire
let page: Page
let complaints: string[] = []
let tables: { id: number; number: number; location_id: number; qr_code: string }[]

const table = (number: number) => tables.find((one) => one.number === number)!
const ordersAt = (number: number): Promise<Order[]> => admin.get(`/orders/active/table/${table(number).id}`)

/** Chooses one dish at a table and sends it. */
async function order(number: number, wish: string, dish: RegExp): Promise<void> {
  await openTable(page, number)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await choose(page, wish, dish)
  await page.getByRole('button', { name: 'Отправить на кухню · 1' }).click()
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
  wire = await Wire.to(box)
  const watched = await signIn(browser, wire.origin, 'Анна Соколова', '1003')
  page = watched.page
  complaints = watched.complaints
})

afterAll(async () => {
  await browser?.close()
  wire?.close()
  await box?.close()
})

test('a line that the kitchen has not begun is changed; a begun one is not', async () => {
  await order(3, 'карб', /^Добавить: Паста карбонара/)
  await pane(page, 3).getByRole('button', { name: /^Изменить: Паста/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Больше' }).click()
  await page.getByRole('button', { name: 'без лука' }).click()
  await page.getByRole('button', { name: 'Готово', exact: true }).click()
  await expect.poll(async () => (await ordersAt(3))[0]!.items[0]!.quantity).toBe(2)
  const [line] = (await ordersAt(3))[0]!.items
  expect(line!.comment).toBe('без лука')
  await admin.patch(`/kitchen/items/${line!.id}/status`, { status: 'IN_PREPARATION' })
  await expect.poll(() => pane(page, 3).getByRole('button', { name: /^Изменить: Паста/ }).count()).toBe(0)
  // To take it off can still be asked for.
  expect(await pane(page, 3).getByRole('button', { name: /^Снять: Паста/ }).count()).toBe(1)
})

test('a part of an order goes to a free table, and then the tables are joined', async () => {
  await pane(page, 3).getByRole('button', { name: 'Пересадить' }).click()
  await page.getByRole('button', { name: 'Часть блюд' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Больше' }).first().click()
  await gallery(page, 'move')
  await page.getByRole('dialog').getByRole('button', { name: /^Стол 4/ }).click()
  await expect.poll(async () => (await ordersAt(4))[0]?.items[0]?.quantity).toBe(1)
  expect((await ordersAt(3))[0]!.items[0]!.quantity).toBe(1)

  await pane(page, 3).getByRole('button', { name: 'Пересадить' }).click()
  await page.getByRole('dialog').getByRole('button', { name: /^Стол 4.*общий счёт/ }).click()
  await expect.poll(async () => (await ordersAt(3)).length).toBe(0)
  const [joined] = await ordersAt(4)
  expect(joined!.items.map(({ quantity }) => quantity)).toEqual([1, 1])
  await page.getByRole('main').getByRole('button', { name: /^Стол 3.*свободен/ }).waitFor()
})

test('a table that calls says so on its plate until somebody answers', async () => {
  const { token } = await box.call<{ token: string }>('POST', '/guest/session', null, { qr_code: table(4).qr_code })
  await forgetTones(page)
  await box.call('POST', '/guest/calls', token, { kind: 'waiter' })
  await page.getByRole('region', { name: 'Гости зовут' }).getByRole('button', { name: /Стол 4/ }).waitFor()
  await expect.poll(() => tones(page)).toEqual([660, 880])
  await page.getByRole('main').getByRole('button', { name: /^Стол 4.*зовут/ }).click()
  await pane(page, 4).getByText('Гости зовут официанта').waitFor()
  await shot(page, 'waiter-call')
  await expectAccessible(page, 'waiter, a table calls')
  await pane(page, 4).getByRole('button', { name: 'Иду' }).click()
  await expect.poll(() => pane(page, 4).getByText('Гости зовут официанта').count()).toBe(0)
})

test('a room that was drawn shows its tables in their places', async () => {
  const hall = tables.filter((one) => one.location_id === table(1).location_id)
  const columns = 5
  for (const [at, { id }] of hall.entries()) {
    const shape = (['square', 'round'] as const)[at % 2]
    await admin.patch(`/tables/${id}`, { x: 100 + (at % columns) * 200, y: 150 + Math.floor(at / columns) * 300, shape })
  }
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('.plan li').count()).toBe(hall.length)
  await gallery(page, 'plan')
})

test('a delivery has a name, a telephone and an address', async () => {
  await page.getByRole('button', { name: 'Самовывоз' }).click()
  await page.getByRole('button', { name: 'Новый заказ' }).click()
  await choose(page, 'карб', /^Добавить: Паста карбонара/)
  await page.getByRole('button', { name: 'Доставка' }).click()
  await page.getByText('Для доставки нужны имя').waitFor()
  await page.getByLabel('Имя гостя').fill('Ольга')
  await page.getByLabel('Телефон').fill('+7 900 000 00 00')
  await page.getByLabel('Адрес').fill('Садовая улица, 12, кв. 4')
  await gallery(page, 'delivery')
  await page.getByRole('button', { name: 'Отправить на кухню · 1' }).click()
  await page.getByRole('button', { name: /^№ \d+/ }).first().click()
  await page.getByText(/Садовая улица/).first().waitFor()
})

test('a tablet that was loaded once starts without the box, takes an order, and the box has it once', async () => {
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Зал', exact: true }).click()
  const isKept = () => page.evaluate(async () => (await caches.match('/app/waiter')) !== undefined)
  await expect.poll(isKept).toBe(true)
  wire.cut()
  // The tablet is switched on anew: nobody is signed in, and nothing answers.
  await page.evaluate(() => sessionStorage.clear())
  await page.goto(`${wire.origin}/app/waiter`)
  await page.getByRole('button', { name: 'Анна Соколова' }).click()
  await page.getByText('проверить PIN нельзя').waitFor()
  await shot(page, 'waiter-cold-sign-in')
  await expectAccessible(page, 'waiter, sign-in without the box')
  await page.getByRole('button', { name: 'Работать без связи' }).click()
  await plate(page, 4).waitFor()
  await page.getByText(/На экране данные на \d/).waitFor()
  await order(6, 'карб', /^Добавить: Паста карбонара/)
  await page.getByText('Коробка ещё не ответила').waitFor()
  await shot(page, 'waiter-cold')
  await expectAccessible(page, 'waiter, started without the box')
  await page.reload()
  expect(await ordersAt(6)).toHaveLength(0)

  wire.mend()
  await enterPin(page, 'Анна Соколова', '1003')
  await expect.poll(async () => (await ordersAt(6)).length).toBe(1)
  expect((await ordersAt(6))[0]!.items).toHaveLength(1)
})

// Row 5: tables that nobody opened on this pad are known too, and what is not known is not offered to be freed.
test('without the box a table that was not opened before shows its order', async () => {
  const { categories } = await box.call<{ categories: { dishes: { id: number; name: string }[] }[] }>('GET', '/dishes/menu', null)
  const dish = categories[0]!.dishes[0]!
  await admin.post('/orders/', { table_id: table(8).id, items: [{ dish_id: dish.id, quantity: 2 }] })
  await admin.patch(`/tables/${table(14).id}/status`, { is_occupied: true })
  await page.getByRole('main').getByRole('button', { name: /^Стол 8.*₽/ }).waitFor()
  await page.getByRole('main').getByRole('button', { name: /^Стол 14.*занят/ }).waitFor()
  // The lines are read right after the lists, and kept on the device.
  await openTable(page, 8)
  await pane(page, 8).getByText(dish.name).first().waitFor()
  await page.keyboard.press('Escape')
  wire.cut()
  await page.getByText(/Нет связи с коробкой \d+ с/).waitFor()
  await page.reload()
  await openTable(page, 8)
  await pane(page, 8).getByText(dish.name).first().waitFor()
  await openTable(page, 14)
  await pane(page, 14).getByText(/что на нём теперь/).waitFor()
  expect(await pane(page, 14).getByRole('button', { name: 'Освободить стол' }).count()).toBe(0)
  wire.mend()
  await page.getByText('● на связи').waitFor()
  await pane(page, 14).getByRole('button', { name: 'Освободить стол' }).waitFor()
})

test('a newer page of the box is shown at once, and the kept one only when there is no answer', async () => {
  const served = await page.goto(`${wire.origin}/app/waiter`)
  expect(served!.status()).toBe(200)
  const fromBox: string[] = []
  page.on('request', (request) => fromBox.push(new URL(request.url()).pathname))
  await page.reload()
  await expect.poll(() => fromBox.includes('/app/waiter')).toBe(true)
})

test('a pad that nobody touches locks itself, and each has his own drafts', async () => {
  await page.clock.install()
  await page.goto(`${wire.origin}/app/waiter`)
  await openTable(page, 7)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await choose(page, 'карб', /^Добавить: Паста карбонара/)
  await page.clock.fastForward('05:10')
  await page.getByText('Планшет заблокирован').waitFor()
  // Row 9: the lock still tells who calls, also who calls after it has locked, and the last waiter is asked for at once.
  const { token } = await box.call<{ token: string }>('POST', '/guest/session', null, { qr_code: table(9).qr_code })
  await box.call('POST', '/guest/calls', token, { kind: 'waiter' })
  await page.getByRole('region', { name: 'Гости зовут' }).getByRole('button', { name: /Стол 9/ }).waitFor()
  await page.getByRole('heading', { name: 'Анна Соколова, ваш PIN' }).waitFor()
  expect(await plate(page, 7).count()).toBe(0)
  await shot(page, 'waiter-locked')
  await expectAccessible(page, 'waiter, locked')
  await enterPin(page, 'Игорь Лебедев', '1005')
  await openTable(page, 7)
  await pane(page, 7).getByText('За столом ещё ничего не заказано.').waitFor()
  expect(await pane(page, 7).getByText('Паста карбонара').count()).toBe(0)
  await page.getByRole('button', { name: 'Выйти' }).click()
  await enterPin(page, 'Анна Соколова', '1003')
  await openTable(page, 7)
  await page.clock.fastForward('05:10')
  await page.getByText('Планшет заблокирован').waitFor()
  // A wrong PIN moves no key under the finger; the last digit of the right one opens the pad where it was.
  const one = page.getByRole('button', { name: '1', exact: true })
  const before = await one.boundingBox()
  for (const digit of '9999') await page.getByRole('button', { name: digit, exact: true }).click()
  await page.getByText('PIN не подходит').waitFor()
  expect((await one.boundingBox())!.y).toBe(before!.y)
  await enterPin(page, 'Анна Соколова', '1003')
  await pane(page, 7).getByText('Паста карбонара').waitFor()
  expect(complaints).toEqual([])
})
