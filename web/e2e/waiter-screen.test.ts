// What stands on a waiter's screen stays where it is and can be read and reached; and an admin at the pad calls an order off.

import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Box, Wire, type Person } from './box'
import { expectAccessible, openBrowser, openPage, PHONE, shot, TABLET } from './browser'
import { choose, openTable, pane, plate, signIn } from './pad'
import { signInAs } from './owner'

interface Order {
  id: number
  status: string
  items: { id: number; dish_name: string }[]
}

const PAD = { width: 768, height: 1024 }
const SIZES = [PHONE, PAD, TABLET]

let box: Box
let browser: Browser
let admin: Person
let wire: Wire
let page: Page
let complaints: string[]
let tables: { id: number; number: number; qr_code: string }[]
let dishes: { id: number; name: string }[]

const table = (number: number) => tables.find((one) => one.number === number)!
const seat = async (number: number): Promise<string> =>
  (await box.call<{ token: string }>('POST', '/guest/session', null, { qr_code: table(number).qr_code })).token

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
  const { categories } = await box.call<{ categories: { dishes: typeof dishes }[] }>('GET', '/dishes/menu', null)
  dishes = categories.flatMap((category) => category.dishes)
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

afterEach(() => wire?.mend())

/** Where it is in each size of the screen, the words of its own not counted. */
async function places(thing: Locator): Promise<string[]> {
  const found: string[] = []
  for (const size of SIZES) {
    await page.setViewportSize(size)
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(size.width)
    // The plan is drawn for the size that it was measured in.
    let last = ''
    await expect.poll(async () => last === (last = JSON.stringify(await thing.boundingBox()))).toBe(true)
    found.push(last)
  }
  return found
}

const isOnScreen = async (thing: Locator): Promise<boolean> => {
  const [{ x, y, width, height }, size] = [(await thing.boundingBox())!, page.viewportSize()!]
  return x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height
}

// screens-1, 15: a call, a ready dish or a lost link pushed the room by 65 px.
test('nothing moves under a finger when a table calls, a dish is ready, or the link is lost', async () => {
  const free = plate(page, 9)
  const before = await places(free)
  await box.call('POST', '/guest/calls', await seat(2), { kind: 'waiter' })
  await page.getByRole('region', { name: 'Гости зовут' }).getByRole('button', { name: /Стол 2/ }).waitFor()
  expect(await places(free)).toEqual(before)

  const order = await admin.post<Order>('/orders/', { table_id: table(5).id, items: [{ dish_id: dishes[0]!.id, quantity: 1 }] })
  await admin.patch(`/kitchen/items/${order.items[0]!.id}/status`, { status: 'READY' })
  await page.getByRole('region', { name: 'Готово, можно подавать' }).getByRole('button', { name: /Стол 5/ }).waitFor()
  expect(await places(free)).toEqual(before)

  wire.cut()
  await page.getByText(/нет ответа \d+ с/).waitFor()
  expect(await places(free)).toEqual(before)
  await page.getByText(/Нет связи с коробкой \d+ с/).waitFor()
  expect(await places(free)).toEqual(before)
  for (const language of ['ru', 'en']) {
    for (const size of SIZES) {
      await page.setViewportSize(size)
      const row = page.getByRole('region', { name: /^(Связь и отправка|Link and sending)$/ })
      const said = row.locator('p')
      expect(await said.evaluate((text) => text.scrollHeight - text.clientHeight), `${language}, ${size.width}`).toBeLessThanOrEqual(0)
      await shot(page, `waiter-offline-${size.width}-${language}`)
      await expectAccessible(page, `waiter, offline, ${size.width}, ${language}`)
    }
    await page.evaluate(() => (document.querySelector('header button[lang]') as HTMLElement).click())
  }

  await page.setViewportSize(TABLET)
  await openTable(page, 9)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await choose(page, 'карб', /^Добавить: Паста карбонара/)
  await page.getByRole('button', { name: 'Отправить на кухню · 1' }).click()
  await page.getByText(/Не отправлено: 1/).waitFor()
  // Back to the room alone: the menu, where it is still closing, takes the first of them, and a wide screen shows the
  // room beside the table's order, which a phone would show in its place.
  await expect.poll(async () => (await page.keyboard.press('Escape'), pane(page, 9).isVisible())).toBe(false)
  await free.waitFor()
  for (const size of SIZES) {
    await page.setViewportSize(size)
    await shot(page, `waiter-unsent-${size.width}`)
  }
  expect(await places(free)).toEqual(before)
  wire.mend()
  await page.getByText(/● (снова )?на связи/).waitFor()
  expect(await places(free)).toEqual(before)
  expect(complaints).toEqual([])
})

// screens-1, 15: at 768 "Принять заказ гостя" was cut.
test('the button that confirms a guest’s order is whole on every screen', async () => {
  await box.call('POST', '/guest/orders', await seat(11), { items: [{ dish_id: dishes[0]!.id, quantity: 12 }] })
  await page.setViewportSize(TABLET)
  await openTable(page, 11)
  const confirm = pane(page, 11).getByRole('button', { name: /^Принять заказ гостя · 12/ })
  await confirm.waitFor()
  for (const size of SIZES) {
    await page.setViewportSize(size)
    expect(await isOnScreen(confirm), `at ${size.width}`).toBe(true)
    expect(await confirm.evaluate((button) => button.scrollWidth - button.clientWidth), `at ${size.width}`).toBeLessThanOrEqual(0)
    await shot(page, `waiter-confirm-${size.width}`)
  }
  await page.keyboard.press('Escape')
})

// screens-1, 13: chips of long names ran off, their prices were cut, and the second size could not be reached.
test('long names of sizes stand whole on every screen, and the last can be tapped', async () => {
  const dish = dishes[0]!
  const names = ['Большая семейная порция на четверых, с двойным сыром', 'Пробная порция для тех, кто ещё не решил, чего хочет']
  for (const name of names) await admin.post(`/dishes/${dish.id}/variations`, { name, price: '12345.00', is_default: false })
  await page.setViewportSize(TABLET)
  await openTable(page, 12)
  await page.getByRole('button', { name: 'Добавить', exact: true }).click()
  await page.getByLabel('Найти блюдо').fill(dish.name)
  const last = page.getByRole('button', { name: new RegExp(`^Добавить: ${dish.name}, ${names[1]}`) })
  await last.waitFor()
  for (const size of SIZES) {
    await page.setViewportSize(size)
    for (const name of names) {
      const chip = page.getByRole('button', { name: new RegExp(`^Добавить: ${dish.name}, ${name}`) })
      expect(await isOnScreen(chip), `${name} at ${size.width}`).toBe(true)
      const button = (await chip.boundingBox())!
      for (const part of await chip.locator('> span:not(.count)').all()) {
        const { x, y, width, height } = (await part.boundingBox())!
        const isInside = x >= button.x && x + width <= button.x + button.width && y >= button.y && y + height <= button.y + button.height
        expect(isInside, `“${await part.textContent()}” at ${size.width}`).toBe(true)
      }
    }
    await shot(page, `waiter-long-sizes-${size.width}`)
    await last.click()
  }
  await page.setViewportSize(TABLET)
  await page.getByRole('button', { name: `Отправить на кухню · ${SIZES.length}` }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
})

// screens-1, 14: cards of orders to take away did not say whose they are or whether they are brought; minutes ran out.
test('a card without a table says who, how, since when and how much, inside its frame', async () => {
  const items = [{ dish_id: dishes[0]!.id, quantity: 1 }]
  // As if they had been placed more than three hours ago: in the list, and each by itself.
  const hoursAgo = <T extends { created_at: string }>(one: T): T => ({
    ...one,
    created_at: new Date(Date.parse(one.created_at) - 187 * 60_000).toISOString(),
  })
  await page.route(/\/orders(\?|\/\d+$)/, async (route) => {
    const reply = await route.fetch()
    const json = (await reply.json()) as { created_at: string } | { orders: { created_at: string }[] }
    await route.fulfill({ response: reply, json: 'orders' in json ? { ...json, orders: json.orders.map(hoursAgo) } : hoursAgo(json) })
  })
  await admin.post('/orders/', { order_type: 'TAKEAWAY', customer_name: 'Константин Константинопольский', items })
  await admin.post('/orders/delivery', {
    order_type: 'DELIVERY',
    customer_name: 'Ольга',
    customer_phone: '+7 900 000 00 00',
    delivery_address: 'Садовая улица, 12, кв. 4',
    items,
  })
  // An order that is told is not asked for: the lists are read anew.
  await page.reload()
  await page.getByRole('button', { name: 'Самовывоз' }).click()
  const card = (who: RegExp) => page.getByRole('main').getByRole('button', { name: who })
  await card(/Константин.*самовывоз/s).waitFor()
  await card(/Ольга.*доставка/s).waitFor()
  await card(/^№ \d+.*3 ч 0/).first().waitFor()
  for (const size of SIZES) {
    await page.setViewportSize(size)
    for (const one of [card(/Константин/), card(/Ольга/)]) {
      const out = await one.evaluate((plate) => {
        const frame = plate.getBoundingClientRect()
        const parts = [...plate.querySelectorAll('.head > *, .sum, .state')].map((part) => part.getBoundingClientRect())
        return parts.filter(({ left, right, bottom }) => left < frame.left || right > frame.right || bottom > frame.bottom).length
      })
      expect(out, `parts that run out at ${size.width}`).toBe(0)
    }
    await shot(page, `waiter-takeaway-${size.width}`)
  }
  // A sign that every font has: the full-width ＋ is an empty box where there is no font for Chinese.
  expect(await card(/Новый заказ/).textContent()).toMatch(/^\s*\+/)
  await page.unrouteAll({ behavior: 'wait' })
  await page.setViewportSize(TABLET)
  await page.getByRole('group', { name: 'Залы' }).getByRole('button').first().click()
  expect(complaints).toEqual([])
})

/** An order of which the kitchen has begun the first line. */
async function begun(number: number, lines: number): Promise<Order> {
  const items = dishes.slice(1, 1 + lines).map(({ id }) => ({ dish_id: id, quantity: 1 }))
  const order = await admin.post<Order>('/orders/', { table_id: table(number).id, items })
  await admin.patch(`/kitchen/items/${order.items[0]!.id}/status`, { status: 'IN_PREPARATION' })
  return order
}

const reasons = async (order: Order): Promise<(string | null)[]> => {
  const { entries } = await admin.get<{ entries: { what: string; reason: string | null }[] }>(`/orders/${order.id}/history`)
  return entries.filter(({ what }) => what === 'order_cancelled').map(({ reason }) => reason)
}

test('an admin calls an order off that the kitchen has begun, and says why by a tap or in own words', async () => {
  const [one, two, three] = [await begun(3, 2), await begun(4, 1), await begun(6, 1)]
  const { page: pad, complaints: wrong } = await openPage(browser, box.origin, { viewport: TABLET, hasTouch: true })
  await pad.goto(`${box.origin}/app/waiter`)
  await pad.getByRole('button', { name: 'Войти по паролю' }).click()
  await signInAs(pad, 'admin')
  await openTable(pad, 3)
  const cancel = (of: Page, number: number) => pane(of, number).getByRole('button', { name: 'Отменить заказ' })
  for (const size of SIZES) {
    await pad.setViewportSize(size)
    await shot(pad, `waiter-admin-${size.width}`)
    for (const name of ['Добавить', 'Пересадить', 'Счёт', 'Отменить заказ']) {
      const button = pane(pad, 3).getByRole('button', { name, exact: true })
      expect((await button.boundingBox())!.height, `“${name}” in one line at ${size.width}`).toBeLessThan(60)
    }
  }
  await cancel(pad, 3).click()
  const sheet = pad.getByRole('dialog', { name: /^Отменить заказ № \d+ на .*₽\?$/ })
  for (const size of SIZES) {
    await pad.setViewportSize(size)
    await shot(pad, `waiter-cancel-${size.width}-ru`)
    await expectAccessible(pad, `waiter, an order is called off, ${size.width}`)
  }
  await pad.setViewportSize(TABLET)
  await sheet.getByRole('button', { name: 'Гости ушли' }).click()
  // Seen at once, told to the box when it can be undone no more.
  await pad.getByRole('main').getByRole('button', { name: /^Стол 3.*свободен/ }).waitFor()
  await pad.getByText(/^Заказ № \d+ отменён$/).waitFor()
  await expect.poll(() => reasons(one)).toEqual(['Гости ушли'])

  await openTable(pad, 4)
  await cancel(pad, 4).click()
  await pad.getByLabel('Другая причина').fill('Пожарная тревога')
  await pad.getByRole('dialog').getByRole('button', { name: 'Отменить заказ' }).click()
  await pad.getByRole('button', { name: 'Отменить', exact: true }).click()
  await pad.getByRole('main').getByRole('button', { name: /^Стол 4.*₽/ }).waitFor()
  await openTable(pad, 4)
  await cancel(pad, 4).click()
  await pad.getByLabel('Другая причина').fill('Пожарная тревога')
  await pad.getByLabel('Другая причина').press('Enter')
  await expect.poll(() => reasons(two)).toEqual(['Пожарная тревога'])

  // The last line is taken off with a reason; the empty order is closed before the box has heard of that.
  await openTable(pad, 6)
  await pane(pad, 6).getByRole('button', { name: /^Снять/ }).click()
  await pad.getByRole('dialog').getByRole('button', { name: 'Долго ждали' }).click()
  await pane(pad, 6).getByRole('button', { name: 'Закрыть пустой заказ' }).click()
  await pad.getByRole('main').getByRole('button', { name: /^Стол 6.*свободен/ }).waitFor()
  expect((await admin.get<Order>(`/orders/${three.id}`)).status).toBe('CANCELLED')
  expect(await pad.getByText('Назовите причину').count()).toBe(0)

  // What is not a waiter's to do alone can be asked for.
  await begun(7, 1)
  await openTable(page, 7)
  await pane(page, 7).getByRole('button', { name: 'Счёт' }).waitFor()
  expect(await cancel(page, 7).count()).toBe(1)

  await pad.evaluate(() => (document.querySelector('header button[lang]') as HTMLElement).click())
  await pad.getByRole('main').getByRole('button', { name: /^Table 7/ }).click()
  await pad.getByRole('button', { name: 'Cancel the order' }).click()
  await pad.getByRole('dialog', { name: /^Cancel order no\. \d+/ }).getByRole('button', { name: 'Guests left' }).waitFor()
  for (const size of SIZES) {
    await pad.setViewportSize(size)
    await shot(pad, `waiter-cancel-${size.width}-en`)
  }
  expect([...complaints, ...wrong]).toEqual([])
})
