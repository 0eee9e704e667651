// The guests' page: readable at once, and an evening at a table with two phones.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { DISHES, lengthenMenu } from './budget/long-menu'
import { expectAccessible, openBrowser, openPage, PHONE, restOfGuestsPage, shot, TABLET, type Watched } from './browser'
import { openTable, pane, signIn } from './pad'

interface Order {
  id: number
  items: { id: number; dish_name: string; status: string }[]
}
interface Call {
  id: number
  kind: string
  table_number: number
  payment_method_name: string | null
}

let box: Box
let browser: Browser
let admin: Person
let waiter: Person
let tables: { id: number; number: number; qr_code: string }[]

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  waiter = await box.signIn('waiter')
  tables = (await admin.get<{ tables: typeof tables }>('/tables/')).tables
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

const address = (table: number) => `${box.origin}/menu/${encodeURIComponent(tables[table]!.qr_code)}`
const orderAt = async (table: number) => (await admin.get<Order[]>(`/orders/active/table/${tables[table]!.id}`))[0]
const calls = async () => (await waiter.get<{ calls: Call[] }>('/calls')).calls

async function sitDown(table: number, options = {}): Promise<Watched> {
  const guest = await openPage(browser, box.origin, { viewport: PHONE, hasTouch: true, isMobile: true, ...options })
  await guest.page.goto(address(table))
  await guest.page.getByText(/^(Стол|Table) \d+$/).waitFor()
  return guest
}

async function add({ page }: Watched, dish: string): Promise<void> {
  await page.getByLabel('Найти блюдо').fill(dish)
  await page.getByRole('button', { name: `Добавить: ${dish}` }).click()
  await page.getByRole('button', { name: 'Очистить поиск' }).click()
}

async function sendOrder({ page }: Watched): Promise<void> {
  await page.getByRole('button', { name: /^Заказ · / }).click()
  await page.getByRole('button', { name: /^Заказать ·/ }).click()
  await page.locator('[data-status]').first().waitFor()
}

describe('the first reply', () => {
  test.each(['ru-RU', 'en-GB'])('reads, without a script, as it does with one: %s', async (locale) => {
    const seen: string[][] = []
    const heights: number[] = []
    for (const javaScriptEnabled of [false, true]) {
      const { page, complaints } = await openPage(browser, box.origin, { locale, javaScriptEnabled })
      const requests: string[] = []
      page.on('request', (request) => requests.push(new URL(request.url()).pathname))
      await page.goto(`${box.origin}/menu`)
      await page.getByRole('heading', { name: locale === 'ru-RU' ? 'Бар' : 'Bar', exact: true }).waitFor()
      if (javaScriptEnabled) await page.getByRole('note').waitFor()
      seen.push((await page.locator('.house h1, .filter, .parts, .part').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ')))
      heights.push(await page.locator('.part').last().evaluate((part) => part.getBoundingClientRect().bottom))
      if (!javaScriptEnabled) await shot(page, `guest-first-reply-${locale.slice(0, 2)}`)
      expect(requests.filter((path) => /^\/(dishes|restaurant)/.test(path))).toEqual([])
      expect(complaints).toEqual([])
      await page.context().close()
    }
    expect(seen[1]).toEqual(seen[0])
    expect(Math.abs(heights[1]! - heights[0]!)).toBeLessThan(2)
  })

  test('a chosen language is that of the next first reply', async () => {
    const { page } = await openPage(browser, box.origin, { locale: 'ru-RU' })
    await page.goto(address(0))
    await page.getByRole('button', { name: /^EN/ }).click()
    await page.getByRole('heading', { name: 'Pizza' }).waitFor()
    const reply = await page.reload()
    expect(await reply!.text()).toContain('<html lang="en"')
    await page.getByRole('heading', { name: 'Pizza' }).waitFor()
    await page.context().close()
  })
})

/** The dishes that the first reply had no room for are there too. */
async function wholeMenu(page: Page) {
  const rest = page.locator('.rest')
  if ((await rest.count()) > 0) await rest.scrollIntoViewIfNeeded()
  await expect.poll(() => rest.count()).toBe(0)
}

test('what a guest cannot eat is not shown, on the next visit too', async () => {
  const guest = await sitDown(0)
  const { page } = guest
  const dishes = page.locator('.dish')
  await wholeMenu(page)
  const all = await dishes.count()
  await page.getByRole('button', { name: 'молоко', exact: true }).click()
  await page.getByText(/^Скрыто: \d+ блюд/).waitFor()
  const left = await dishes.count()
  expect(left).toBeLessThan(all)
  expect(await dishes.filter({ hasText: 'молоко' }).count()).toBe(0)
  await shot(page, 'guest-filter')
  await expectAccessible(page, 'guest, filtered')
  await page.reload()
  await page.getByText(/^Скрыто: \d+ блюд/).waitFor()
  await wholeMenu(page)
  expect(await dishes.count()).toBe(left)
  await page.getByRole('button', { name: '★ часто берут' }).click()
  expect(await dishes.count()).toBeLessThan(left)
  await page.getByRole('button', { name: 'Показать все' }).click()
  expect(await dishes.count()).toBe(all)
  expect(guest.complaints).toEqual([])
  await page.context().close()
})

// Row 10: Back closes the sheet; only then it leaves the menu.
test('the phone’s Back closes a sheet and stays on the menu', async () => {
  const guest = await sitDown(10)
  const { page } = guest
  const here = page.url()
  for (const close of [() => page.goBack(), () => page.keyboard.press('Escape')]) {
    await page.getByRole('button', { name: /^Бефстроганов/ }).click()
    await page.getByRole('dialog').waitFor()
    await close()
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    expect(page.url()).toBe(here)
  }
  await page.getByRole('button', { name: /^Бефстроганов/ }).click()
  await page.getByRole('dialog').waitFor()
  expect(guest.complaints).toEqual([])
  await page.context().close()
})

// Row 11: nothing runs off at 200 %, be it the page or only its text.
test.each([
  ['zoom', { width: 195, height: 422 }, ''],
  ['text', PHONE, '200%'],
] as const)('at 200 % %s all can be read and reached', async (_, viewport, fontSize) => {
  const guest = await sitDown(11, { viewport })
  const { page } = guest
  await page.evaluate((size) => (document.documentElement.style.fontSize = size), fontSize)
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)
  const inside = async (name: RegExp) => {
    const box = (await page.getByRole('button', { name }).boundingBox())!
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.x + box.width).toBeLessThanOrEqual(viewport.width)
  }
  expect(await fits()).toBe(true)
  expect((await page.locator('.house h1').boundingBox())!.width).toBeGreaterThan(viewport.width / 2)
  await page.getByRole('button', { name: /^Маргарита/ }).click()
  await inside(/^Добавить ·/)
  await page.getByRole('button', { name: /^Добавить ·/ }).click()
  await inside(/^Заказ ·/)
  await page.getByRole('button', { name: /^Заказ ·/ }).click()
  await inside(/^Заказать ·/)
  await page.context().close()
})

// Row 26: a second on 3G passes before the script is there.
test('a tap before the script is there opens the dish when it is', async () => {
  const { page } = await openPage(browser, box.origin, { hasTouch: true, isMobile: true })
  let release = () => undefined as void
  const held = new Promise<void>((done) => (release = done))
  await page.route('**/assets/*.js', async (route) => {
    await held
    await route.continue()
  })
  await page.goto(address(12), { waitUntil: 'commit' })
  await page.locator('.dish a.open').filter({ hasText: 'Бефстроганов' }).first().tap()
  release()
  await page.getByRole('dialog').getByRole('heading', { name: 'Бефстроганов' }).waitFor()
  expect(new URL(page.url()).hash).toBe('')
  await page.context().close()
})

test('two phones at one table see one order, and the waiter is called from either', async () => {
  const anna = await sitDown(1)
  await add(anna, 'Паста карбонара')
  await sendOrder(anna)
  const boris = await sitDown(1)
  await boris.page.getByText('Паста карбонара').first().waitFor()
  await add(boris, 'Бефстроганов')
  await boris.page.evaluate(() => scrollTo(0, document.body.scrollHeight / 2))
  await sendOrder(boris)
  await expect.poll(() => anna.page.locator('[data-status]').count()).toBe(2)
  expect((await orderAt(1))!.items).toHaveLength(2)
  // What was sent is in sight, also once the sheet's step back has been taken.
  await expect.poll(() => boris.page.evaluate(() => (history.state as { isOver?: boolean } | null)?.isOver ?? false)).toBe(false)
  await expect.poll(() => boris.page.locator('section[aria-labelledby=summary]').evaluate((it) => Math.abs(it.getBoundingClientRect().top) < 200)).toBe(true)

  const service = (phone: Watched) => phone.page.getByRole('region', { name: /^Ваш заказ/ })
  await service(anna).getByRole('button', { name: 'Позвать официанта' }).click()
  await service(boris).getByText('◐ Официант подойдёт').waitFor()
  expect(await calls()).toMatchObject([{ kind: 'waiter', table_number: tables[1]!.number }])
  await service(boris).getByRole('button', { name: 'Счёт, пожалуйста' }).click()
  await shot(boris.page, 'guest-pay-how')
  await expectAccessible(boris.page, 'guest, how to pay')
  await service(boris).getByRole('button', { name: 'Карта' }).click()
  await service(anna).getByText('Счёт принесут · Карта').waitFor()
  await shot(anna.page, 'guest-called')
  await expectAccessible(anna.page, 'guest, called')

  const [first] = await calls()
  await waiter.post(`/calls/${first!.id}/answer`)
  await service(anna).getByRole('button', { name: 'Позвать официанта' }).waitFor()
  await service(anna).getByRole('button', { name: 'Отменить' }).click()
  await service(boris).getByRole('button', { name: 'Счёт, пожалуйста' }).waitFor()
  expect(await calls()).toEqual([])
  expect([...anna.complaints, ...boris.complaints]).toEqual([])
  await boris.page.context().close()

  // The evening goes on, on the other phone.
  const order = (await orderAt(1))!
  await waiter.post(`/kitchen/orders/${order.id}/send-to-kitchen`, order.items.map(({ id }) => id))
  await anna.page.getByText(/^Дальше: .*примерно через \d+ мин/).waitFor()
  await admin.patch(`/kitchen/items/${order.items[0]!.id}/status`, { status: 'READY' })
  await anna.page.getByText('Сейчас принесут: Паста карбонара.').waitFor()
  await shot(anna.page, 'guest-evening')
  await expectAccessible(anna.page, 'guest, the evening')
  await admin.patch(`/kitchen/items/${order.items[1]!.id}/status`, { status: 'READY' })
  for (const { id } of order.items) await waiter.patch(`/orders/${order.id}/items/${id}/status`, { status: 'SERVED' })
  const [method] = await waiter.get<{ id: number }[]>('/payment-methods/active')
  await waiter.post(`/orders/${order.id}/complete-payment`, { payment_method_id: method!.id })
  const thanks = anna.page.getByRole('region', { name: 'Спасибо, что были у нас' })
  await thanks.getByText('Бефстроганов').waitFor()
  await shot(anna.page, 'guest-thanks')
  await expectAccessible(anna.page, 'guest, thank-you')
  await anna.page.reload()
  await thanks.getByText('Бефстроганов').waitFor()
  expect(await anna.page.getByRole('button', { name: /^Добавить:/ }).count()).toBe(0)
  await anna.page.context().close()
})

// A phone that was there before the bill may be of the party before: it reads that after a word from the waiter.
test('a phone that sat there before the bill was opened waits until the waiter shows it', async () => {
  const { number } = tables[9]!
  const early = await sitDown(9, { locale: 'en-GB' })
  const guest = await sitDown(9)
  const { page } = guest
  const { categories } = await box.call<{ categories: { dishes: { id: number; variations: { id: number }[] }[] }[] }>('GET', '/dishes/menu', null)
  const dish = categories[0]!.dishes[0]!
  const items = [{ dish_id: dish.id, dish_variation_id: dish.variations[0]!.id, quantity: 1 }]
  await waiter.post('/orders/', { table_id: tables[9]!.id, order_type: 'DINE_IN', items })
  const word = page.getByText('Счёт здесь покажет официант.')
  await word.waitFor()
  expect(await page.locator('[data-status]').count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Посмотреть счёт' }).count()).toBe(0)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const viewport of [PHONE, { width: 768, height: 1024 }, { width: 1024, height: 768 }]) {
      await page.setViewportSize(viewport)
      await shot(page, `guest-bill-waits-${viewport.width}-${colorScheme}`)
      await expectAccessible(page, `guest, the bill waits, ${viewport.width}, ${colorScheme}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(PHONE)
  await early.page.getByText('Your waiter will show you the bill here.').waitFor()
  // What it orders meanwhile is seen, and nothing else.
  await add(guest, 'Паста карбонара')
  await sendOrder(guest)
  expect(await page.locator('[data-status]').count()).toBe(1)
  await word.waitFor()
  await page.reload()
  await word.waitFor()
  expect(await page.locator('[data-status]').count()).toBe(1)

  const pad = await signIn(browser, box.origin, 'Анна Соколова', '1003')
  await openTable(pad.page, number)
  const phones = pane(pad.page, number).getByText('2 телефона пока не видят счёт')
  await phones.waitFor()
  for (const colorScheme of ['light', 'dark'] as const) {
    await pad.page.emulateMedia({ colorScheme })
    for (const viewport of [TABLET, { width: 768, height: 1024 }, PHONE]) {
      await pad.page.setViewportSize(viewport)
      await shot(pad.page, `waiter-phones-wait-${viewport.width}-${colorScheme}`)
      await expectAccessible(pad.page, `waiter, phones wait, ${viewport.width}, ${colorScheme}`)
    }
  }
  await pad.page.emulateMedia({ colorScheme: 'light' })
  await pad.page.setViewportSize(TABLET)
  await pane(pad.page, number).getByRole('button', { name: 'Показать', exact: true }).focus()
  await pad.page.keyboard.press('Enter')
  await phones.waitFor({ state: 'detached' })
  for (const phone of [early, guest]) await expect.poll(() => phone.page.locator('[data-status]').count()).toBe(2)
  await word.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Посмотреть счёт' }).waitFor()
  expect([...early.complaints, ...guest.complaints, ...pad.complaints]).toEqual([])
  for (const one of [early, guest, pad]) await one.page.context().close()
})

test('a waiter is called before anything is ordered, and a call without a network is made later', async () => {
  const guest = await sitDown(2)
  const { page } = guest
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Позвать официанта или попросить счёт' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Позвать официанта' }).click()
  await page.getByText('Передадим, как только появится связь').waitFor()
  await shot(page, 'guest-call-waits')
  await expectAccessible(page, 'guest, a call that waits')
  expect(await calls()).toEqual([])
  await page.context().setOffline(false)
  await page.getByRole('dialog').getByText('◐ Официант подойдёт').waitFor()
  expect(await calls()).toMatchObject([{ kind: 'waiter', table_number: tables[2]!.number }])
  await waiter.post(`/calls/${(await calls())[0]!.id}/answer`)
  await page.getByRole('dialog').getByRole('button', { name: 'Позвать официанта' }).waitFor()
  await page.context().close()
})

test('a dish that is taken off disappears while the page is open, from the basket and the sheet too', async () => {
  const guest = await sitDown(3)
  const { page } = guest
  await add(guest, 'Бефстроганов')
  await page.getByRole('button', { name: /^Бефстроганов/ }).click()
  await page.getByRole('dialog').waitFor()
  const { dishes } = await admin.get<{ dishes: { id: number }[] }>(`/dishes/?search=${encodeURIComponent('Бефстроганов')}`)
  const path = `/dishes/${dishes[0]!.id}/availability`
  await admin.patch(path, { is_available: false })
  await page.getByText('Закончилось и убрано из заказа: Бефстроганов').first().waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
  expect(await page.getByRole('button', { name: /^Бефстроганов/ }).count()).toBe(0)
  await shot(page, 'guest-ran-out')
  await expectAccessible(page, 'guest, a dish ran out')
  await admin.patch(path, { is_available: true })
  await page.getByRole('button', { name: /^Бефстроганов/ }).waitFor()
  expect(guest.complaints).toEqual([])
  await page.context().close()
})

test('an order sent while the network is cut outlives it and happens once', async () => {
  const guest = await sitDown(4)
  const { page } = guest
  await add(guest, 'Паста карбонара')
  await restOfGuestsPage(page)
  await page.context().setOffline(true)
  await page.getByRole('button', { name: /^Заказ · 1/ }).click()
  await page.getByRole('button', { name: /^Заказать ·/ }).click()
  await page.getByText('Ответа пока нет').waitFor()
  await page.reload().catch(() => null)
  expect(await orderAt(4)).toBeUndefined()
  await page.context().setOffline(false)
  await page.goto(address(4))
  await page.locator('[data-status="NEW"]').waitFor()
  expect((await orderAt(4))!.items).toHaveLength(1)
  await page.context().close()
})

test('a menu that is too long for the first reply comes when it is wanted', async () => {
  const long = await Box.demo()
  try {
    await lengthenMenu(long, await long.signIn('admin'))
    const open = async (options = {}) => {
      const { page } = await openPage(browser, long.origin, options)
      const fetched: string[] = []
      page.on('request', (request) => fetched.push(new URL(request.url()).pathname))
      await page.goto(`${long.origin}/menu`)
      await page.getByRole('heading', { name: 'Пицца' }).waitFor()
      return { page, dishes: page.locator('.dish'), isWhole: () => fetched.includes('/dishes/menu') }
    }
    // By scrolling: all of it is there at the end, and no sooner.
    const reader = await open()
    await reader.page.getByRole('note').waitFor()
    expect(await reader.dishes.count()).toBeLessThan(DISHES)
    expect(reader.isWhole()).toBe(false)
    await shot(reader.page, 'guest-long-menu')
    await reader.page.locator('.rest').scrollIntoViewIfNeeded()
    await expect.poll(() => reader.dishes.count()).toBe(DISHES)
    expect(await reader.page.locator('.rest').count()).toBe(0)
    await reader.page.context().close()
    // By a category whose dishes are not here yet.
    const jumper = await open()
    await jumper.page.getByRole('note').waitFor()
    await jumper.page.getByRole('link', { name: 'Бар', exact: true }).click()
    await jumper.page.getByRole('heading', { name: 'Бар', exact: true }).waitFor()
    await expect.poll(() => jumper.page.getByRole('link', { name: 'Бар', exact: true }).getAttribute('aria-current')).toBe('true')
    await jumper.page.context().close()
    // By a search for what is not here, and in the other language.
    const seeker = await open()
    await seeker.page.getByLabel('Найти блюдо').fill(String(DISHES - 1))
    await expect.poll(() => seeker.dishes.count()).toBe(1)
    await seeker.page.getByRole('button', { name: /^EN/ }).click()
    await seeker.page.getByLabel('Find a dish').fill('')
    await seeker.page.getByRole('heading', { name: 'Pizza' }).waitFor()
    await expect.poll(() => seeker.dishes.count()).toBe(DISHES)
    await seeker.page.context().close()
    // Without a script by a link.
    const plain = await open({ javaScriptEnabled: false })
    await plain.page.locator('.rest').click()
    await expect.poll(() => plain.dishes.count()).toBe(DISHES)
    await plain.page.context().close()
  } finally {
    await long.close()
  }
})

const looks = [
  ['ru-RU', 'light'],
  ['ru-RU', 'dark'],
  ['en-GB', 'light'],
  ['en-GB', 'dark'],
] as const

test.each(looks)('the evening, %s, %s', async (locale, colorScheme) => {
  const name = `${locale.slice(0, 2)}-${colorScheme}`
  const table = 5 + looks.findIndex((look) => look[0] === locale && look[1] === colorScheme)
  const { categories } = await box.call<{ categories: { dishes: { id: number }[] }[] }>('GET', '/dishes/menu', null)
  const items = [0, 3, 7].map((at) => ({ dish_id: categories[at]!.dishes[0]!.id, quantity: 1 + (at % 2) }))
  const placed = await waiter.post<Order>('/orders/', { table_id: tables[table]!.id, items })
  await admin.patch(`/kitchen/items/${placed.items[1]!.id}/status`, { status: 'READY' })
  const { page, complaints } = await sitDown(table, { locale, colorScheme })
  await page.locator('[data-status="READY"]').waitFor()
  await shot(page, `guest-evening-${name}`)
  await expectAccessible(page, `guest's evening, ${name}`)
  await page.locator('.bell').click()
  await shot(page, `guest-service-${name}`)
  await expectAccessible(page, `guest's service, ${name}`)
  expect(complaints).toEqual([])
  await page.context().close()
})
