// What an order event costs: nothing. The screens lay into their lists what an event carries, whosever order it is.
// And the lists so kept are those that a page shows which has just been opened.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Box, type Person } from './box'
import { openBrowser, openPage, WALL, type Watched } from './browser'
import { enterPin, signIn } from './pad'

interface Order {
  id: number
  total_price: string
  items: { id: number; status: string }[]
}

const ORDERS = 10

let box: Box
let browser: Browser
let admin: Person
let waiter: Person
let guestTables: { id: number; number: number; qr_code: string; location_id: number }[]
let dishes: { id: number }[]
let screens: { name: string; watched: Watched; asked: string[] }[]

async function watch(name: string, watched: Watched): Promise<void> {
  const asked: string[] = []
  watched.page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (request.resourceType() === 'fetch') asked.push(`${request.method()} ${pathname.replace(/\d+/g, 'N')}`)
  })
  screens.push({ name, watched, asked })
}

/** A beat of the box, and whatever follows it. */
const quiet = (page: Page) => page.waitForTimeout(2_500)

type Cost = Record<string, number>

/** Does something, and tells what each screen asked the box meanwhile, and how often. */
async function costOf(deed: () => Promise<void>): Promise<Record<string, Cost>> {
  for (const screen of screens) screen.asked.length = 0
  await deed()
  await quiet(screens[0]!.watched.page)
  const counted = (asked: string[]): Cost => {
    const cost: Cost = {}
    for (const one of asked) cost[one] = (cost[one] ?? 0) + 1
    return cost
  }
  const costs = Object.fromEntries(screens.map(({ name, asked }) => [name, counted(asked)]))
  if (process.env.QRES_E2E_COSTS) console.log(JSON.stringify(costs))
  return costs
}

const NOTHING = { anna: {}, igor: {}, wall: {} }

const main = (page: Page) => page.getByRole('main').innerText()
/** Minutes go on by themselves. */
const still = (text: string): string => text.replace(/\d+\s*мин|\d+:\d\d/g, '')

/** A screen that has heard of all shows what a screen shows that has just been loaded. */
async function expectAsFresh(): Promise<void> {
  for (const { name, watched } of screens) {
    const told = still(await main(watched.page))
    await watched.page.reload()
    await watched.page.getByText('● на связи').waitFor()
    await quiet(watched.page)
    expect(still(await main(watched.page)), name).toBe(told)
  }
}

async function place(at: number): Promise<Order> {
  const items = [dishes[at % 4]!, dishes[4 + (at % 3)]!].map(({ id }) => ({ dish_id: id, quantity: 1 + (at % 2) }))
  return waiter.post<Order>('/orders', { table_id: guestTables[at]!.id, items })
}

beforeAll(async () => {
  box = await Box.demo()
  browser = await openBrowser()
  admin = await box.signIn('admin')
  waiter = await box.signIn('waiter')
  const { tables } = await admin.get<{ tables: typeof guestTables }>('/tables/?limit=100')
  guestTables = tables.filter(({ location_id }) => location_id === tables[0]!.location_id)
  const menu = await admin.get<{ categories: { dishes: { id: number }[] }[] }>('/dishes/menu')
  dishes = menu.categories.flatMap((category) => category.dishes)
  screens = []
  await watch('anna', await signIn(browser, box.origin, 'Анна Соколова', '1003'))
  await watch('igor', await signIn(browser, box.origin, 'Игорь Лебедев', '1005'))
  const wall = await openPage(browser, box.origin, { viewport: WALL })
  await wall.page.goto(`${box.origin}/app/kitchen`)
  await enterPin(wall.page, 'Георгий Кахидзе', '1004')
  await watch('wall', wall)
  await quiet(wall.page)
})

afterAll(async () => {
  await browser?.close()
  await box?.close()
})

const placed: Order[] = []

test('orders that somebody places cost the screens nothing', async () => {
  // Anna is their waiter, Igor another one: both pads show all tables.
  const cost = await costOf(async () => {
    for (let at = 0; at < ORDERS; at += 1) {
      placed.push(await place(at))
      await new Promise((done) => setTimeout(done, 300))
    }
  })
  expect(cost).toEqual(NOTHING)
  await expectAsFresh()
})

test('nor does what is cooked and served', async () => {
  const cost = await costOf(async () => {
    for (const order of placed) {
      await admin.post(`/kitchen/orders/${order.id}/start`, {})
      await admin.post(`/kitchen/orders/${order.id}/ready`, {})
      await waiter.patch(`/kitchen/items/${order.items[0]!.id}/status`, { status: 'SERVED' })
      await new Promise((done) => setTimeout(done, 300))
    }
  })
  expect(cost).toEqual(NOTHING)
  await expectAsFresh()
})

test('nor do lines that come, change and go, calls, and tables that are seated and freed', async () => {
  const changed = await costOf(async () => {
    for (const [at, order] of placed.slice(0, 5).entries()) {
      await waiter.post('/orders', { table_id: guestTables[at]!.id, items: [{ dish_id: dishes[1]!.id, quantity: 2 }] })
      const { items } = await admin.get<Order>(`/orders/${order.id}`)
      await waiter.patch(`/orders/${order.id}/items/${items[2]!.id}`, { comment: 'без лука' })
      await waiter.delete(`/orders/${order.id}/items/${items[2]!.id}?reason=нет`)
      await new Promise((done) => setTimeout(done, 300))
    }
  })
  expect(changed).toEqual(NOTHING)
  await expectAsFresh()

  const [method] = await admin.get<{ id: number }[]>('/payment-methods/active')
  const paid = await costOf(async () => {
    for (const order of placed.slice(0, 5)) {
      await waiter.post(`/orders/${order.id}/complete-payment`, { payment_method_id: method!.id, payment_status: 'PAID' })
      const { items } = await admin.get<Order>(`/orders/${order.id}`)
      for (const item of items) if (item.status === 'READY') await waiter.patch(`/kitchen/items/${item.id}/status`, { status: 'SERVED' })
      await new Promise((done) => setTimeout(done, 300))
    }
  })
  expect(paid).toEqual(NOTHING)
  await expectAsFresh()

  // At the tables that are free now: a party sits down, calls, orders for a waiter's word, and goes elsewhere.
  const [there, elsewhere] = [guestTables[0]!, guestTables[1]!]
  const came = await costOf(async () => {
    await waiter.patch(`/tables/${there.id}/status`, { is_occupied: true })
    const { token } = await box.call<{ token: string }>('POST', '/guest/session', null, { qr_code: there.qr_code })
    const call = await box.call<{ id: number }>('POST', '/guest/calls', token, { kind: 'waiter' })
    await box.call('POST', '/guest/orders', token, { items: [{ dish_id: dishes[2]!.id, quantity: 1 }] })
    await box.call('POST', '/guest/calls', token, { kind: 'bill', payment_method_id: method!.id })
    const [order] = await waiter.get<Order[]>(`/orders/active/table/${there.id}`)
    await waiter.patch(`/kitchen/items/${order!.items[0]!.id}/status`, { status: 'IN_PREPARATION' })
    await waiter.post(`/orders/${order!.id}/move`, { table_id: elsewhere.id })
    await waiter.post(`/calls/${call.id}/answer`, {})
  })
  expect(came).toEqual(NOTHING)
  await expectAsFresh()
  expect(screens.flatMap(({ watched }) => watched.complaints)).toEqual([])
})
