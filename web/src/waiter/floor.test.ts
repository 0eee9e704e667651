import { expect, test } from 'vitest'
import type { KitchenItem, Order, OrderItem, Table } from '../lib/types'
import { dueAt, platesWithoutTable, plateOfTable, SIGN, toServe, wantOf } from './floor'
import type { Deed, Entry } from './outbox.svelte'

const START = Date.parse('2026-03-01T16:00:00Z')
const at = (minutes: number): string => new Date(START + minutes * 60_000).toISOString()

const table: Table = {
  id: 5,
  number: 12,
  name: '12',
  seats: 4,
  shape: 'square',
  qr_code: 'x',
  is_active: true,
  is_occupied: false,
  phones_waiting: 0,
  created_at: at(0),
  updated_at: at(0),
}

const order = (id: number, more: Partial<Order> = {}): Order =>
  ({
    id,
    number: id + 80,
    order_type: 'DINE_IN',
    table_id: 5,
    table_number: 12,
    table_name: '12',
    waiter_id: 1,
    waiter_name: 'Анна',
    is_guest_order: false,
    status: 'PENDING',
    payment_status: 'UNPAID',
    total_price: '1450.50',
    created_at: at(0),
    updated_at: at(0),
    ...more,
  }) as Order

const line = (id: number, orderId: number, more: Partial<KitchenItem> = {}): KitchenItem =>
  ({
    id,
    order_id: orderId,
    order_number: orderId + 80,
    dish_name: `dish ${id}`,
    quantity: 1,
    status: 'IN_PREPARATION',
    due_at: at(15),
    sent_to_kitchen_at: at(0),
    ready_at: null,
    created_at: at(0),
    ...more,
  }) as KitchenItem

const entry = (deed: Deed, refused: Entry['refused'] = null): Entry => ({
  key: 'k',
  group: 'g',
  by: { id: 1, name: 'Анна' },
  madeAt: START,
  tick: null,
  hold: 0,
  deed,
  refused,
})
const orderDeed: Deed = { kind: 'order', place: { at: 'table', tableId: 5, name: '12' }, lines: [], note: '', customer: '', draftAt: 0 }

const plate = (orders: Order[], lines: KitchenItem[], minutes = 9, entries: Entry[] = []) =>
  plateOfTable(table, { orders, lines, entries, calls: [], digits: 2, now: START + minutes * 60_000 })

test('a table without an order is free, or somebody sits there', () => {
  expect(plate([], []).state).toBe('free')
  expect(plateOfTable({ ...table, is_occupied: true }, { orders: [], lines: [], entries: [], calls: [], digits: 2, now: START }).state).toBe('seated')
})

test('minutes, sum and waiter of the open orders', () => {
  const { state, minutes, total, waiter } = plate([order(1), order(2, { created_at: at(4) })], [line(1, 1)])
  expect({ state, minutes, total, waiter }).toEqual({ state: 'busy', minutes: 9, total: 290100, waiter: 'Анна' })
})

test('what is paid counts no more', () => {
  const paid = order(1, { payment_status: 'PAID' })
  expect(plate([paid], [line(1, 1)])).toMatchObject({ state: 'paid', total: 0 })
})

test('the most urgent thing is said: unsent, ready, a guest who waits, late', () => {
  const late = line(1, 1, { due_at: at(5) })
  const fresh = line(2, 1, { status: 'NEW', due_at: null })
  const ready = line(3, 1, { status: 'READY' })
  expect(plate([order(1)], [late])).toMatchObject({ state: 'late', late: 4 })
  expect(plate([order(1)], [late, fresh]).state).toBe('confirm')
  expect(plate([order(1)], [late, fresh, ready]).state).toBe('ready')
  expect(plate([order(1)], [ready], 9, [entry(orderDeed)]).state).toBe('unsent')
  const no = { status: 400, code: 'dish_unavailable', detail: '', params: {} }
  expect(plate([order(1)], [ready], 9, [entry(orderDeed), entry(orderDeed, no)]).state).toBe('refused')
})

// screens-1, 26: a room's name bore the ◐ of a guest who waits also when there was a dish to serve.
test('a room bears the sign of what it wants most, and each thing has its own', () => {
  const ready = plate([order(1)], [line(1, 1, { status: 'READY' })])
  const fresh = plate([order(1)], [line(2, 1, { status: 'NEW', due_at: null })])
  const calm = plate([order(1)], [line(3, 1)])
  const signOf = (...plates: Parameters<typeof wantOf>[0]) => SIGN[wantOf(plates) ?? 'free']
  expect([signOf(calm), signOf(fresh), signOf(calm, fresh, ready)]).toEqual(['', '◐', '✓'])
})

test('what is ready is not late, however long it waits', () => {
  expect(plate([order(1)], [line(1, 1, { status: 'READY', due_at: at(1) })])).toMatchObject({ state: 'ready', late: 0 })
})

test('to serve: one for each order, what nobody has seen first, then what waits longest', () => {
  const lines = [
    line(1, 1, { status: 'READY', ready_at: at(8) }),
    line(2, 2, { status: 'READY', ready_at: at(6) }),
    line(3, 1, { status: 'READY', ready_at: at(7) }),
    line(4, 1),
    line(5, 99, { status: 'READY', ready_at: at(1) }),
  ]
  const orders = [order(1), order(2, { order_type: 'TAKEAWAY', table_id: null, table_number: null, table_name: null })]
  const ready = toServe(lines, orders, { has: () => false })
  expect(ready.map(({ key, lines: l }) => [key, l.length])).toEqual([
    ['order:2', 1],
    ['table:5', 2],
  ])
  // One of two dishes was seen before the other was ready: the order is news again.
  const then = toServe(lines, orders, { has: ({ id }) => id === 2 || id === 1 })
  expect(then.map(({ key, isSeen }) => [key, isSeen])).toEqual([
    ['table:5', false],
    ['order:2', true],
  ])
})

test('orders without a table have plates of their own, oldest first', () => {
  const away = (id: number) => order(id, { order_type: 'TAKEAWAY', table_id: null, table_number: null, table_name: null })
  const plates = platesWithoutTable({ orders: [away(9), order(1), away(3)], lines: [], entries: [], calls: [], digits: 2, now: START })
  expect(plates.map(({ key }) => key)).toEqual(['order:3', 'order:9'])
})

test('a line is due when its dish should be ready, if anybody said how long it takes', () => {
  const item = { sent_to_kitchen_at: at(2), estimated_preparation_time: 10 } as OrderItem
  expect(dueAt(item)).toBe(START + 12 * 60_000)
  expect(dueAt({ ...item, estimated_preparation_time: null })).toBeNull()
})

test('a table asks for its next course once all before it is served', () => {
  const known = (lines: KitchenItem[]) => ({ orders: [order(1)], lines, entries: [], calls: [], digits: 2, now: START })
  const held = line(2, 1, { status: 'HELD', course: 2, due_at: null })
  expect(plateOfTable(table, known([line(1, 1, { course: 1 }), held]))).toMatchObject({ state: 'busy', next: null })
  expect(plateOfTable(table, known([line(1, 1, { course: 1, status: 'READY' }), held]))).toMatchObject({ state: 'ready' })
  expect(plateOfTable(table, known([held]))).toMatchObject({ state: 'course', next: 2 })
})
