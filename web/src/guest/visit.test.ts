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

const order = { id: 7, number: 84, total_price: '390.00', items: [] } as unknown as GuestOrder
let store: Map<string, string>
let goodToken: string
let sessions: number
let tableOrder: GuestOrder | null
let visit: Visit

beforeEach(() => {
  vi.useFakeTimers()
  store = new Map()
  goodToken = 'g_1'
  sessions = 0
  tableOrder = null
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
    removeItem: (key: string) => store.delete(key),
  })
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    const reply = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })
    if (path === '/restaurant') return reply(200, { name: 'R', languages: ['ru'] })
    if (path === '/dishes/menu') return reply(200, menu)
    if (path === '/guest/session') {
      if ((await request.json()).qr_code !== 't1') return reply(404, { code: 'not_found' })
      sessions += 1
      return reply(201, { token: goodToken, expires_at: new Date(Date.now() + 3600_000), table_number: 12 })
    }
    if (request.headers.get('Authorization') !== `Bearer ${goodToken}`) return reply(401, { code: 'token_expired' })
    if (path === '/guest/orders') return reply(201, (tableOrder = order))
    return reply(200, { table_number: 12, order: tableOrder, calls: [], payment_methods: [] })
  })
  visit = new Visit('t1', () => undefined, () => undefined)
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

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
  goodToken = 'g_next'
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

test('the word of how it ended may come after the door is shut', async () => {
  visit.start()
  await settle()
  FakeSocket.last.say('connected', 5)
  tableOrder = order
  FakeSocket.last.say('order_created', 6, { order_id: 7 })
  await settle()
  goodToken = 'g_next'
  FakeSocket.last.say('item_status_changed', 7, { order_id: 7, status: 'SERVED' })
  await settle()
  expect(visit.seat).toBe('over')
  expect(visit.ending).toBeNull()
  FakeSocket.last.say('order_status_changed', 8, { order_id: 7, status: 'COMPLETED' })
  FakeSocket.last.onclose?.({ code: 4401 })
  await settle()
  expect(visit.ending).toBe('COMPLETED')
  expect(sessions).toBe(1)
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
  FakeSocket.last.say('order_status_changed', 7, { order_id: 7, status: 'COMPLETED' })
  await settle()
  expect(visit.order).toBeNull()
  expect(visit.past?.number).toBe(84)
  expect(visit.ending).toBe('COMPLETED')
})
