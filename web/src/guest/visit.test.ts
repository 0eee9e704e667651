import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { GuestOrder } from '../lib/types'
import { menu } from '../lib/menu.fixture'
import { Visit } from './visit.svelte'

class FakeSocket {
  static last: FakeSocket
  onmessage: ((message: { data: string }) => void) | null = null
  onclose: ((close: { code: number }) => void) | null = null
  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    FakeSocket.last = this
  }
  close() {}
  say(type: string, seq: number, more: object = {}) {
    this.onmessage?.({ data: JSON.stringify({ type, seq, timestamp: new Date().toISOString(), ...more }) })
  }
}

const order = {
  id: 7,
  number: 84,
  status: 'PENDING',
  payment_status: 'UNPAID',
  total_price: '390.00',
  items: [],
} as unknown as GuestOrder
const settled = { ...order, status: 'COMPLETED', payment_status: 'PAID' } as GuestOrder
let store: Map<string, string>
let goodToken: string
let sessions: number
/** the token that a phone said it had before, each time that it sat down */
let earlier: unknown[]
let billWaits: boolean
let tableOrder: GuestOrder | null
let lastOrder: GuestOrder | null
/** tokens of visits that have ended: they still read how */
let ended: Set<string>
let isCut: boolean
let visit: Visit

beforeEach(() => {
  vi.useFakeTimers()
  store = new Map()
  goodToken = 'g_1'
  sessions = 0
  earlier = []
  billWaits = false
  tableOrder = null
  lastOrder = null
  ended = new Set()
  isCut = false
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
    removeItem: (key: string) => store.delete(key),
  })
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    if (isCut) throw new TypeError('no network')
    const reply = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })
    if (path === '/restaurant') return reply(200, { name: 'R', languages: ['ru'] })
    if (path === '/dishes/menu') return reply(200, menu)
    if (path === '/guest/session') {
      const asked = await request.json()
      if (asked.qr_code !== 't1') return reply(404, { code: 'not_found' })
      earlier.push(asked.earlier)
      sessions += 1
      return reply(201, { token: goodToken, expires_at: new Date(Date.now() + 3600_000), table_number: 12 })
    }
    const token = request.headers.get('Authorization')?.replace('Bearer ', '') ?? ''
    if (path === '/guest/visit' && (ended.has(token) || token === goodToken))
      return reply(200, { is_over: ended.has(token), last_order: lastOrder })
    if (token !== goodToken) return reply(401, { code: 'visit_over' })
    if (path === '/guest/orders') return reply(201, (tableOrder = order))
    const last_order = tableOrder ? null : lastOrder
    return reply(200, { table_number: 12, order: tableOrder, last_order, bill_waits: billWaits, calls: [], payment_methods: [] })
  })
  visit = new Visit('t1', () => undefined, () => undefined)
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** The visit ends with its bill: the next session at this table is another visit's. */
function endVisit(last: GuestOrder | null = settled) {
  ended.add(goodToken)
  goodToken = 'g_next'
  tableOrder = null
  lastOrder = last
}

/** Lets all that is answered at once come to its end. */
const settle = () => vi.advanceTimersByTimeAsync(1)

test('sits down by the code on the table, and after a reload without asking again', async () => {
  visit.start()
  await settle()
  expect(visit.seat).toBe('seated')
  expect(visit.session?.table_number).toBe(12)
  expect(FakeSocket.last.protocols).toEqual(['qres', 'g_1'])

  const again = new Visit('t1', () => undefined, () => undefined)
  again.start()
  await settle()
  expect(again.seat).toBe('seated')
  expect(sessions).toBe(1)
})

test('an unknown code leaves the menu readable', async () => {
  visit = new Visit('nonsense', () => undefined, () => undefined)
  visit.start()
  await settle()
  expect(visit.seat).toBe('unknown')
  expect(visit.menu?.categories).toHaveLength(2)
})

test('a session that has ended is renewed by the code, and the order goes through', async () => {
  visit.start()
  await settle()
  goodToken = 'g_2'
  const placed = visit.place('key-1', { items: [] })
  await settle()
  expect((await placed).id).toBe(7)
  expect(visit.session?.token).toBe('g_2')
  expect(FakeSocket.last.protocols).toEqual(['qres', 'g_2'])
  expect(sessions).toBe(2)
})

test('after the visit has ended the phone does not sit down with the next guests by itself', async () => {
  visit.start()
  await settle()
  FakeSocket.last.say('connected', 5)
  tableOrder = order
  FakeSocket.last.say('order_created', 6, { order_id: 7 })
  await settle()
  endVisit()
  FakeSocket.last.say('order_status_changed', 7, { order_id: 7, status: 'COMPLETED' })
  await settle()
  expect(visit.seat).toBe('over')
  expect(visit.past?.number).toBe(84)
  expect(visit.ending).toBe('COMPLETED')
  expect(sessions).toBe(1)

  const reloaded = new Visit('t1', () => undefined, () => undefined)
  reloaded.start()
  await settle()
  expect(reloaded.seat).toBe('over')
  expect(reloaded.past?.number).toBe(84)
  expect(reloaded.ending).toBe('COMPLETED')
  expect(sessions).toBe(1)

  visit.sitDown()
  await settle()
  expect(visit.seat).toBe('seated')
  expect(sessions).toBe(2)
})

function permutations<T>(all: T[]): T[][] {
  if (all.length < 2) return [all]
  return all.flatMap((one, at) => permutations(all.filter((_, other) => other !== at)).map((rest) => [one, ...rest]))
}

// Guest's thanks: who was seated when the bill was settled gets its last word, in whichever order the news of that one
// commit, the refusals, a reload and a lost network come.
test('whatever comes first, a guest who paid is thanked', { timeout: 60_000 }, async () => {
  const deliveries: Record<string, () => void> = {
    payment: () => FakeSocket.last.say('payment_received', 7, { order_id: 7, status: 'SERVED' }),
    completed: () => FakeSocket.last.say('order_status_changed', 8, { order_id: 7, status: 'COMPLETED' }),
    refused: () => FakeSocket.last.onclose?.({ code: 4401 }),
    reload: () => {
      visit = new Visit('t1', () => undefined, () => undefined)
      visit.start()
    },
    cut: () => (isCut = true),
    back: () => (isCut = false),
  }
  for (const inOrder of permutations(Object.keys(deliveries))) {
    vi.clearAllTimers()
    store.clear()
    goodToken = 'g_1'
    ended.clear()
    sessions = 0
    lastOrder = tableOrder = null
    isCut = false
    visit = new Visit('t1', () => undefined, () => undefined)
    visit.start()
    await settle()
    FakeSocket.last.say('connected', 5)
    tableOrder = order
    FakeSocket.last.say('order_created', 6, { order_id: 7 })
    await settle()
    endVisit()
    for (const name of inOrder) {
      deliveries[name]!()
      await settle()
    }
    isCut = false
    // The box closes every socket of a session that has ended.
    FakeSocket.last.onclose?.({ code: 4401 })
    await vi.advanceTimersByTimeAsync(10_000)
    const seen = [visit.seat, visit.ending, visit.past?.payment_status, sessions]
    expect(seen, inOrder.join(', ')).toEqual(['over', 'COMPLETED', 'PAID', 1])
  }
})

test('a phone that had not heard of the order reads how it ended too', async () => {
  visit.start()
  await settle()
  endVisit()
  FakeSocket.last.onclose?.({ code: 4401 })
  await settle()
  expect([visit.seat, visit.ending, visit.past?.id]).toEqual(['over', 'COMPLETED', 7])
})

// F5: freed by a waiter, the table is the next guests'. The page does not sit down with them by itself.
test('a visit that ended without an order is over, and only the guest begins another', async () => {
  visit.start()
  await settle()
  endVisit(null)
  FakeSocket.last.say('connected', 5)
  await settle()
  expect(visit.seat).toBe('over')
  expect(sessions).toBe(1)
  visit.sitDown()
  await settle()
  expect(visit.seat).toBe('seated')
})

test('a phone that sits down again says which one it was, after a reload too', async () => {
  visit.start()
  await settle()
  endVisit(null)
  FakeSocket.last.say('connected', 5)
  await settle()
  const reloaded = new Visit('t1', () => undefined, () => undefined)
  reloaded.start()
  await settle()
  expect(reloaded.seat).toBe('over')
  reloaded.sitDown()
  await settle()
  expect(earlier).toEqual([undefined, 'g_1'])
})

test('a bill that staff have yet to show is asked for when something happened', async () => {
  visit.start()
  await settle()
  FakeSocket.last.say('connected', 5)
  billWaits = true
  FakeSocket.last.say('table_changed', 6)
  await settle()
  expect([visit.waits, visit.order]).toEqual([true, null])
  billWaits = false
  tableOrder = order
  FakeSocket.last.say('table_changed', 7)
  await settle()
  expect([visit.waits, visit.order?.id]).toEqual([false, 7])
})

test('a visit that ended while the page was away is over too', async () => {
  visit.start()
  await settle()
  goodToken = 'g_next'
  const reloaded = new Visit('t1', () => undefined, () => undefined)
  reloaded.start()
  await settle()
  FakeSocket.last.say('connected', 9)
  await settle()
  expect(reloaded.seat).toBe('over')
  expect(sessions).toBe(1)
})

test('events load the order; when it is over, it is kept to look at with its ending', async () => {
  visit.start()
  await settle()
  FakeSocket.last.say('connected', 5)
  tableOrder = order
  FakeSocket.last.say('order_created', 6, { order_id: 7 })
  await settle()
  expect(visit.order?.number).toBe(84)
  tableOrder = null
  lastOrder = settled
  FakeSocket.last.say('order_status_changed', 7, { order_id: 7, status: 'COMPLETED' })
  await settle()
  expect(visit.order).toBeNull()
  expect(visit.past?.number).toBe(84)
  expect(visit.ending).toBe('COMPLETED')
})
