// A waiter's evening: an order taken, cooked, served and paid; a guest's order confirmed; the Wi-Fi gone in between.

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Box, Wire, type Person } from './box'
import { expectAccessible, forgetTones, openBrowser, openPage, shot, tones, WALL, type Watched } from './browser'
import { choose, gallery, openTable, pane, plate, signIn } from './pad'
import { signInAs } from './owner'

interface Table {
  id: number
  number: number
  qr_code: string
  is_occupied: boolean
}

interface Order {
  id: number
  total_price: string
  waiter_name: string
  items: { id: number; dish_id: number; dish_variation_id: number; dish_name: string; status: string; quantity: number; comment: string | null }[]
}

let box: Box
let browser: Browser
let admin: Person
let tables: Table[]
/** between Anna's pad and the box */
let wire: Wire
let anna: Watched
let kitchen: Watched

const table = (number: number): Table => tables.find((t) => t.number === number)!
const ordersAt = (number: number): Promise<Order[]> => admin.get(`/orders/active/table/${table(number).id}`)
const ticket = (number: number) => kitchen.page.getByRole('article', { name: `Стол ${number}` })

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: Table[] }>('/tables/')).tables
  kitchen = await openPage(browser, box.origin, { viewport: WALL })
  await kitchen.page.goto(`${box.origin}/app/kitchen`)
  await kitchen.page.getByRole('button', { name: 'Войти по паролю' }).click()
  await signInAs(kitchen.page, 'kitchen')
  await kitchen.page.getByText('● на связи').waitFor()
})

afterAll(async () => {
  await browser?.close()
  wire?.close()
  await box?.close()
})

// One test that fails does not take the network from the next.
afterEach(() => wire?.mend())

test('the waiter signs in by PIN and sees the room', async () => {
  wire = await Wire.to(box)
  anna = await signIn(browser, wire.origin, 'Анна Соколова', '1003')
  await plate(anna.page, 1).waitFor()
  await expectAccessible(anna.page, 'waiter, empty room')
  await anna.page.getByRole('button', { name: 'Терраса' }).click()
  await plate(anna.page, 15).waitFor()
  await anna.page.getByRole('button', { name: 'Зал', exact: true }).click()
})

test('an order is drafted by two letters in either language, outlives a reload, and the kitchen has it', async () => {
  const { page } = anna
  await openTable(page, 5)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await choose(page, 'бо', /^Добавить: .*[Бб]орщ/)
  await choose(page, 'carb', /^Добавить: Паста карбонара/)
  await choose(page, 'марг', /^Добавить: Маргарита, 35 см/)
  await page.getByRole('button', { name: /^Изменить: Маргарита/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Больше' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'соус отдельно' }).click()
  await shot(page, 'waiter-line')
  await expectAccessible(page, 'waiter, a line of the draft')
  await page.getByRole('button', { name: 'Готово', exact: true }).click()
  await page.getByLabel('Комментарий для кухни ко всему заказу').fill('гость спешит')
  await page.reload()
  await openTable(page, 5)
  await page.getByText('соус отдельно').waitFor()
  await gallery(page, 'draft')
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await gallery(page, 'menu')

  await page.getByRole('button', { name: 'Отправить на кухню · 4' }).evaluate((button: HTMLElement) => {
    // A nervous finger.
    button.click()
    button.click()
  })
  await ticket(5).waitFor()
  await ticket(5).getByText('соус отдельно').waitFor()
  await ticket(5).getByText('гость спешит').waitFor()
  const [order] = await ordersAt(5)
  expect(order!.items.map(({ quantity }) => quantity).sort()).toEqual([1, 1, 2])
  await pane(page, 5).getByText('в очереди на кухне').first().waitFor()
})

test('a size and a wish take two taps; what was starred and what went out last stand first', async () => {
  const { page } = anna
  await openTable(page, 12)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await page.getByRole('button', { name: 'Недавнее', exact: true }).click()
  const dishes = page.getByRole('region', { name: 'Меню' }).getByRole('listitem')
  expect((await dishes.allInnerTexts()).map((text) => /Борщ|Паста карбонара|Маргарита/.exec(text)?.[0])).toEqual([
    'Маргарита',
    'Паста карбонара',
    'Борщ',
  ])
  await gallery(page, 'recent')

  await page.getByRole('button', { name: 'Часто берут', exact: true }).click()
  await page.getByRole('button', { name: /^Добавить: Маргарита, 35 см/ }).click()
  await page.getByRole('button', { name: 'соус отдельно', exact: true }).click()
  await gallery(page, 'wish')
  await page.getByRole('button', { name: /^Добавить: Маргарита, 35 см/ }).click()
  await page.getByRole('button', { name: 'Моё: Маргарита', exact: true }).click()
  await page.reload()
  await openTable(page, 12)
  await pane(page, 12).getByText('соус отдельно').waitFor()
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  expect(await dishes.count()).toBe(1)
  expect(await dishes.first().innerText()).toContain('Маргарита')
  await page.getByRole('button', { name: 'Отправить на кухню · 2' }).click()
  await ticket(12).getByText('соус отдельно').waitFor()
  const items = (await ordersAt(12))[0]!.items
  expect(items.map(({ quantity, comment }) => `${quantity} ${comment ?? ''}`.trim()).sort()).toEqual(['1', '1 соус отдельно'])
})

test('a guest’s order is seen, confirmed, and undone while there is time', async () => {
  const guest = await openPage(browser, box.origin)
  await guest.page.goto(`${box.origin}/menu/${encodeURIComponent(table(9).qr_code)}`)
  await guest.page.getByLabel('Найти блюдо').fill('карбонара')
  await guest.page.getByRole('button', { name: /^Добавить: Паста карбонара/ }).click()
  await guest.page.getByRole('button', { name: /^Заказ · 1/ }).click()
  await guest.page.getByRole('button', { name: /^Заказать ·/ }).click()
  await guest.page.getByText('ждёт официанта').first().waitFor()

  const { page } = anna
  await page.getByRole('main').getByRole('button', { name: /^Стол 9.*принять/ }).click()
  await page.getByRole('button', { name: 'Принять заказ гостя · 1' }).click()
  await page.getByRole('button', { name: 'Отменить', exact: true }).waitFor()
  await shot(page, 'waiter-undo')
  await page.getByRole('button', { name: 'Отменить', exact: true }).click()
  await page.getByRole('button', { name: 'Принять заказ гостя · 1' }).waitFor()
  expect((await ordersAt(9))[0]!.items[0]!.status).toBe('NEW')
  await page.getByRole('button', { name: 'Принять заказ гостя · 1' }).click()
  await ticket(9).waitFor()
  expect((await ordersAt(9))[0]!.waiter_name).toBe('Анна Соколова')
  expect(guest.complaints).toEqual([])
})

test('a line is taken off with its reason', async () => {
  const { page } = anna
  await openTable(page, 5)
  await pane(page, 5).getByRole('button', { name: /^Снять: .*орщ/ }).click()
  await shot(page, 'waiter-reason')
  await expectAccessible(page, 'waiter, a reason')
  await page.getByRole('button', { name: 'Гость передумал' }).click()
  await expect.poll(async () => (await ordersAt(5))[0]!.items.find((i) => /орщ/.test(i.dish_name))!.status).toBe('CANCELLED')
})

// Row 1: what can still be undone is on the screen everywhere at once, outlives a reload, and the bill commits it.
test('a line that is taken off leaves sum and plan at once, and the bill is of what is left', async () => {
  const { page } = anna
  const sum = pane(page, 4).locator('.sum b')
  await openTable(page, 4)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await choose(page, 'карб', /^Добавить: Паста карбонара/)
  await choose(page, 'строг', /^Добавить: Бефстроганов/)
  await page.getByRole('button', { name: 'Отправить на кухню · 2' }).click()
  await sum.waitFor()
  const off = async (dish: RegExp) => {
    await pane(page, 4).getByRole('button', { name: dish }).click()
    await page.getByRole('button', { name: 'Гость передумал' }).click()
  }
  const whole = await sum.innerText()
  await off(/^Снять: Бефстроганов/)
  await expect.poll(() => sum.innerText()).not.toBe(whole)
  const rest = await sum.innerText()
  await plate(page, 4).getByText(rest).waitFor()
  // A reload inside the five seconds: still off, and still to be undone.
  await page.reload()
  await openTable(page, 4)
  await expect.poll(() => sum.innerText()).toBe(rest)
  await page.getByRole('button', { name: 'Отменить', exact: true }).click()
  await expect.poll(() => sum.innerText()).toBe(whole)
  await off(/^Снять: Бефстроганов/)
  await pane(page, 4).getByRole('button', { name: 'Счёт' }).click()
  await page.getByRole('radio', { name: 'Карта' }).check()
  const take = page.getByRole('button', { name: /^Принять .* Карта$/ })
  await take.waitFor()
  expect(await take.innerText()).toContain(rest)
  expect(await page.getByRole('button', { name: 'Отменить', exact: true }).count()).toBe(0)
  expect((await ordersAt(4))[0]!.items.find((item) => item.dish_name === 'Бефстроганов')!.status).toBe('CANCELLED')

  // F1: somebody adds while the sheet is open; nothing is taken for a sum that nobody has read.
  const [order] = await ordersAt(4)
  await admin.post(`/kitchen/orders/${order!.id}/items`, [{ dish_id: order!.items[0]!.dish_id, dish_variation_id: order!.items[0]!.dish_variation_id, quantity: 1 }])
  await page.getByText('Счёт изменился').waitFor()
  await page.getByRole('button', { name: /^Новая сумма/ }).click()
  await take.click()
  await page.getByText(/Стол 4: оплачено/).waitFor()
})

test('what is ready is heard, is news until it is seen here, and stands at the top until it is served', async () => {
  const { page } = anna
  await page.keyboard.press('Escape')
  await forgetTones(page)
  await ticket(5).getByRole('button', { name: /^Готово: .*Маргарита/ }).click()
  const strip = page.getByRole('region', { name: 'Готово, можно подавать' })
  const news = strip.getByRole('button', { name: /новое Стол 5/ })
  await news.waitFor()
  await expect.poll(() => tones(page)).toEqual([660, 880])
  await gallery(page, 'ready')
  await page.reload()
  await news.click()
  await expect.poll(() => news.count()).toBe(0)
  await strip.getByRole('button', { name: /Стол 5/ }).waitFor()
  await pane(page, 5).getByRole('button', { name: 'Подано: Маргарита' }).waitFor()
  await gallery(page, 'table')
  await kitchen.page.getByRole('article', { name: 'Стол 5' }).getByRole('button', { name: /^Готово: .*арбонара/ }).click()
  await page.getByRole('button', { name: 'Подано всё · 3' }).click()
  await expect.poll(() => strip.count()).toBe(0)
  await expect
    .poll(async () => (await ordersAt(5))[0]!.items.filter((i) => i.status === 'SERVED').length)
    .toBe(2)
})

test('the bill is paid once and the table is free', async () => {
  const { page } = anna
  await pane(page, 5).getByRole('button', { name: 'Счёт' }).click()
  await page.getByRole('radio', { name: 'Карта' }).check()
  await gallery(page, 'pay')
  await page.getByRole('button', { name: /^Принять .* Карта$/ }).click()
  await page.getByText('Стол 5: оплачено, стол свободен.').waitFor()
  expect((await admin.get<Table>(`/tables/${table(5).id}`)).is_occupied).toBe(false)
  await page.getByRole('main').getByRole('button', { name: /^Стол 5.*свободен/ }).waitFor()
})

test('an order sent while the wire is cut outlives a reload and reaches the kitchen exactly once', async () => {
  const { page } = anna
  const isKept = () => page.evaluate(async () => (await caches.match('/app/waiter')) !== undefined)
  await expect.poll(isKept).toBe(true)
  await openTable(page, 6)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await choose(page, 'карб', /^Добавить: Паста карбонара/)
  wire.cut()
  await page.getByRole('button', { name: 'Отправить на кухню · 1' }).click()
  await page.getByText('Коробка ещё не ответила').waitFor()
  await page.getByRole('main').getByRole('button', { name: /^Стол 6.*не отправлено/ }).waitFor()
  await page.getByText(/Нет связи с коробкой \d+ с/).waitFor()
  await gallery(page, 'offline')
  await page.reload()
  await page.getByRole('main').getByRole('button', { name: /^Стол 6.*не отправлено/ }).waitFor()
  expect(await ordersAt(6)).toHaveLength(0)
  expect(await ticket(6).count()).toBe(0)

  wire.mend()
  await ticket(6).waitFor()
  await page.getByRole('main').getByRole('button', { name: /^Стол 6.*заказ/ }).waitFor()
  await page.getByText('● на связи').waitFor()
  // A second copy would have come with the first: the outbox is empty now.
  expect(await page.getByText('Ждёт отправки').count()).toBe(0)
  expect(await ticket(6).count()).toBe(1)
  const orders = await ordersAt(6)
  expect(orders).toHaveLength(1)
  expect(orders[0]!.items).toHaveLength(1)
})

test('an order sent while the box is down arrives once, when it is back', async () => {
  const { page } = anna
  await openTable(page, 7)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await choose(page, 'карб', /^Добавить: Паста карбонара/)
  await box.kill()
  await page.getByRole('button', { name: 'Отправить на кухню · 1' }).click()
  await page.getByText('Коробка ещё не ответила').waitFor()
  await page.reload().catch(() => null)
  await box.start()
  await page.goto(`${wire.origin}/app/waiter`)
  await ticket(7).waitFor()
  const orders = await ordersAt(7)
  expect(orders).toHaveLength(1)
  expect(orders[0]!.items).toHaveLength(1)
})

test('an order that the box has, but whose answer was lost, is sent again and happens once', async () => {
  const lossy = await Wire.to(box)
  const maria = await signIn(browser, lossy.origin, 'Мария Белова', '1006')
  const { page } = maria
  const tries: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/orders')) {
      tries.push(request.headers()['idempotency-key'] ?? 'no key')
    }
  })
  await openTable(page, 11)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await choose(page, 'карб', /^Добавить: Паста карбонара/)
  lossy.losesReplies = true
  await page.getByRole('button', { name: 'Отправить на кухню · 1' }).click()
  await ticket(11).waitFor()
  await page.getByText('Коробка ещё не ответила').waitFor()
  lossy.losesReplies = false
  await page.reload()
  await expect.poll(() => tries.length).toBeGreaterThan(1)
  await page.getByRole('main').getByRole('button', { name: /^Стол 11.*заказ/ }).waitFor()
  expect(new Set(tries).size).toBe(1)
  const orders = await ordersAt(11)
  expect(orders).toHaveLength(1)
  expect(orders[0]!.items).toHaveLength(1)
  expect(maria.complaints).toEqual([])
  await page.context().close()
  lossy.close()
})

test('a dish that ran out meanwhile comes back as a choice', async () => {
  const { page } = anna
  await openTable(page, 8)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await choose(page, 'строган', /^Добавить: Бефстроганов/)
  wire.cut()
  await page.getByRole('button', { name: 'Отправить на кухню · 1' }).click()
  await page.getByText('Коробка ещё не ответила').waitFor()
  const { dishes } = await admin.get<{ dishes: { id: number }[] }>(`/dishes/?search=${encodeURIComponent('Бефстроганов')}`)
  await admin.patch(`/dishes/${dishes[0]!.id}/availability`, { is_available: false })
  wire.mend()
  await pane(page, 8).getByText('Этого блюда больше нет: Бефстроганов.').waitFor()
  await shot(page, 'waiter-refused')
  await expectAccessible(page, 'waiter, refused order')
  await page.getByRole('button', { name: 'Вернуть в черновик' }).click()
  await pane(page, 8).getByText('в стоп-листе').waitFor()
  await page.getByRole('button', { name: /^Снять: Бефстроганов/ }).click()
  expect(await ordersAt(8)).toHaveLength(0)
})

test('two waiters at one table see each other’s lines on one bill', async () => {
  const igor = await signIn(browser, box.origin, 'Игорь Лебедев', '1005')
  for (const { page } of [anna, igor]) {
    await openTable(page, 10)
    await page.getByRole('button', { name: 'Добавить', exact: true }).click()
    await choose(page, 'карб', /^Добавить: Паста карбонара/)
  }
  await Promise.all([anna, igor].map(({ page }) => page.getByRole('button', { name: 'Отправить на кухню · 1' }).click()))
  for (const { page } of [anna, igor]) {
    await expect.poll(() => pane(page, 10).getByRole('button', { name: /^Снять: Паста/ }).count()).toBe(2)
  }
  const orders = await ordersAt(10)
  expect(orders).toHaveLength(1)
  expect(orders[0]!.items).toHaveLength(2)
  expect(igor.complaints).toEqual([])
})

test('takeaway: an order without a table has its own plate', async () => {
  const { page } = anna
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Самовывоз' }).click()
  await page.getByRole('button', { name: 'Новый заказ' }).click()
  await choose(page, 'карб', /^Добавить: Паста карбонара/)
  await page.getByLabel('Имя гостя').fill('Ольга')
  await page.getByRole('button', { name: 'Отправить на кухню · 1' }).click()
  await kitchen.page.getByRole('article', { name: /С собой|Самовывоз/ }).waitFor()
  await page.getByRole('button', { name: /^№ \d+/ }).click()
  await page.getByText(/Ольга/).first().waitFor()
})

test('no page called another host or failed', () => {
  expect([...anna.complaints, ...kitchen.complaints]).toEqual([])
})
