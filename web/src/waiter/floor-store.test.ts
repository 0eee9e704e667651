// The floor is kept true by events: as the box has it, whatever happens, and with few requests.

import { beforeEach, describe, expect, test, vi } from 'vitest'
import { TestBox } from '../lib/box.fixture'
import { chance, happen, type Chance } from '../lib/evening.fixture'
import type { ItemStatus } from '../lib/types'

let real: TestBox
let asked: string[]
let socket: { onmessage: ((message: { data: string }) => void) | null }
let wait: Chance
let news: number[]

/** An answer is of the moment when it is asked for, and on its way for a while. */
async function answer<T>(what: string, of: () => T): Promise<T> {
  asked.push(what)
  await pause(wait(30))
  const value = of()
  await pause(wait(60))
  return value
}
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

vi.mock('../lib/client', async (original) => ({
  ...(await original<object>()),
  box: {
    tables: () => answer('tables', () => ({ tables: real.listTables(), total: real.tables.length })),
    kitchenItems: (_: string, statuses: ItemStatus[]) => answer('lines', () => real.listLines(statuses)),
    unclearPayments: async () => ({ payments: [] }),
    calls: () => answer('calls', () => ({ calls: real.listCalls() })),
    orders: () => answer('orders', () => ({ orders: real.listOrders(), total: real.open.length })),
    order: (_: string, id: number) => answer('order', () => real.order(id)),
    restaurant: () => answer('restaurant', () => ({})),
    menu: () => answer('menu', () => ({ categories: [] })),
    rooms: () => answer('rooms', () => ({ locations: [], total: 0 })),
    paymentMethods: () => answer('methods', () => real.methods),
    reasons: async () => [],
  },
}))
vi.mock('./shelf', () => ({ deviceShelf: () => ({ all: async () => [], put: async () => undefined, remove: async () => undefined }) }))

vi.stubGlobal(
  'WebSocket',
  class {
    onmessage = null
    constructor() {
      socket = this
    }
    close = () => undefined
  },
)

const { FloorStore } = await import('./floor-store.svelte')
const ME = 1

/** Somebody's screen: the events that are for them arrive in their order, each a little late. */
function screen(role: 'waiter' | 'admin') {
  const floor = new FloorStore('token', {
    onNews: (lines, calls) => news.push(lines.length + calls.length),
    onLive: () => undefined,
    onShutOut: () => undefined,
  })
  floor.start()
  const say = (message: object): void => socket.onmessage?.({ data: JSON.stringify(message) })
  say({ type: 'connected', seq: real.seq, timestamp: real.at })
  let told = real.seq
  const isFor = (audience: string, waiterId: number): boolean => role === 'admin' || audience !== 'own' || [0, ME].includes(waiterId)
  return {
    floor,
    say,
    /** Hands over so many of the events that are on their way. */
    deliver(most = Infinity): void {
      for (; told < real.seq && most > 0; most -= 1) {
        const { event, audience, waiterId } = real.log[told]!
        told += 1
        if (isFor(audience, waiterId)) say(event)
      }
    },
    /** The next events get lost. */
    skip(): void {
      told = real.seq
    },
    beat: () => say({ type: 'heartbeat', seq: told, timestamp: real.at }),
  }
}

const settle = () => vi.advanceTimersByTimeAsync(5_000)

function expectTrue(floor: InstanceType<typeof FloorStore>): void {
  expect(floor.tables).toEqual(real.listTables())
  expect(floor.calls).toEqual(real.listCalls())
  expect(floor.orders).toEqual(real.listOrders())
  expect([...floor.bills.all.values()].sort((a, b) => b.id - a.id)).toEqual(real.open)
  const lines = real.listLines(['NEW', 'HELD', 'SENT_TO_KITCHEN', 'IN_PREPARATION', 'READY']).map(({ one_size: _, ...line }) => line)
  expect(floor.lines.map(({ ...line }) => ({ ...line, one_size: undefined }))).toEqual(lines.map((line) => ({ ...line, one_size: undefined })))
}

beforeEach(() => {
  vi.useFakeTimers()
  real = new TestBox(4)
  asked = []
  news = []
  wait = () => 0
})

describe.each(['waiter', 'admin'] as const)('for a %s', (role) => {
  const evenings = Array.from({ length: 100 }, (_, seed) => seed + 1)
  test.each(evenings)('whatever happens, the floor is as a fresh look would show it: evening %i', async (seed) => {
    const below = chance(seed)
    for (let i = 0; i < 5; i += 1) happen(real, below)
    const pad = screen(role)
    wait = chance(seed + 1000)
    await settle()
    for (let round = 0; round < 12; round += 1) {
      for (let i = below(12); i >= 0; i -= 1) {
        happen(real, below)
        if (below(2) === 0) pad.deliver(below(6))
        if (below(2) === 0) await vi.advanceTimersByTimeAsync(below(120))
        if (below(12) === 0) pad.beat()
        if (below(20) === 0) void pad.floor.load()
      }
      pad.deliver()
      pad.beat()
      await settle()
      expectTrue(pad.floor)
    }
  })
})

test('orders that are placed, cooked and served cost no request', async () => {
  const pad = screen('waiter')
  await settle()
  asked = []
  for (let table = 1; table <= 4; table += 1) {
    real.later(1_000)
    real.place(table, 1, [{ dish: real.dishes[0]!, size: 1 }, { dish: real.dishes[1]!, size: 2 }])
    const order = real.open[0]!
    for (const item of order.items) {
      real.step(order, item, 'IN_PREPARATION', real.at)
      real.step(order, item, 'READY')
      real.step(order, item, 'SERVED')
    }
    pad.deliver()
    pad.beat()
    await settle()
  }
  expect(asked).toEqual([])
  expectTrue(pad.floor)
})

test('a guest’s order that is confirmed costs no request: the last event of the burst tells it whole', async () => {
  const pad = screen('waiter')
  await settle()
  real.place(1, 0, [{ dish: real.dishes[0]!, size: 1 }])
  pad.deliver()
  asked = []
  real.confirm(real.open[0]!, 1, true)
  pad.deliver()
  await settle()
  expect(asked).toEqual([])
  expectTrue(pad.floor)
})

test('a ticket of two dishes that becomes ready is told once, and a call once', async () => {
  const pad = screen('waiter')
  real.place(1, 1, [{ dish: real.dishes[0]!, size: 1 }, { dish: real.dishes[1]!, size: 2 }])
  pad.deliver()
  await settle()
  const order = real.open[0]!
  for (const item of order.items) real.step(order, item, 'READY')
  pad.deliver()
  await settle()
  real.call(2, 'waiter', null)
  pad.deliver()
  await settle()
  expect(news).toEqual([2, 1])
})

test('who answers a call has shown the bill to the phones that waited: the tables are read', async () => {
  const table = real.tables.find(({ id }) => id === 2)!
  table.phones_waiting = 2
  const pad = screen('waiter')
  real.call(2, 'waiter', null)
  pad.deliver()
  await settle()
  const waiting = () => pad.floor.tables.find(({ id }) => id === 2)!.phones_waiting
  expect(waiting()).toBe(2)
  table.phones_waiting = 1
  real.answer(real.calls[0]!)
  pad.deliver()
  await settle()
  expect(waiting()).toBe(1)
})

test('what becomes of another waiter’s orders, tables and calls costs no request either', async () => {
  const pad = screen('waiter')
  await settle()
  asked = []
  real.place(1, 2, [{ dish: real.dishes[0]!, size: 1 }])
  real.place(2, 2, [{ dish: real.dishes[0]!, size: 1 }, { dish: real.dishes[1]!, size: 2 }])
  const [two, one] = real.open as [typeof real.open[0], typeof real.open[0]]
  real.change(two, two.items[0]!, 2, 'no onions')
  real.call(1, 'bill', real.methods[0]!)
  real.pay(one, real.methods[0]!)
  for (const item of one.items) real.step(one, item, 'SERVED')
  real.moveItems(two, 3, [two.items[1]!])
  real.move(two, 4)
  real.seat(1, true)
  pad.deliver()
  pad.beat()
  await settle()
  expect(asked).toEqual([])
  expectTrue(pad.floor)
})

test('what of an order was missed is read, and once', async () => {
  const pad = screen('waiter')
  real.place(1, 1, [{ dish: real.dishes[0]!, size: 1 }])
  pad.deliver()
  await settle()
  asked = []
  const order = real.open[0]!
  real.step(order, order.items[0]!, 'READY')
  pad.skip()
  real.step(order, order.items[0]!, 'SERVED')
  pad.deliver()
  await settle()
  expect(asked).toEqual(['order'])
  expectTrue(pad.floor)
})

test('a change of the menu reads the menu', async () => {
  const pad = screen('waiter')
  await settle()
  asked = []
  pad.say({ type: 'menu_changed', seq: real.seq + 1, timestamp: real.at, data: { what: 'dish', id: 1 } })
  await settle()
  expect(asked).toEqual(['menu'])
})

test('what was missed is read once, and an event of a kind that nobody knows reads all', async () => {
  const pad = screen('waiter')
  await settle()
  asked = []
  for (let i = 0; i < 5; i += 1) real.place(1, 1, [{ dish: real.dishes[0]!, size: 1 }])
  pad.say({ type: 'connected', seq: real.seq, timestamp: real.at })
  pad.deliver()
  await settle()
  expect(asked.filter((what) => what === 'tables').length).toBeLessThanOrEqual(2)
  expectTrue(pad.floor)
  asked = []
  pad.say({ type: 'something_new', seq: real.seq + 1, timestamp: real.at })
  await settle()
  expect([...new Set(asked)].sort()).toEqual(['calls', 'lines', 'menu', 'methods', 'orders', 'restaurant', 'rooms', 'tables'])
  expectTrue(pad.floor)
})
