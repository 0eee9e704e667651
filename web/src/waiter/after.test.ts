import { describe, expect, test } from 'vitest'
import type { KitchenItem, OrderItem, OrderWithItems, Table } from '../lib/types'
import { after, type Sight } from './after'
import { platesWithoutTable, plateOfTable } from './floor'
import type { Deed, Entry } from './outbox.svelte'

const NOW = '2026-03-01T16:00:00Z'

const item = (id: number, order_id: number, price: number, quantity = 1): OrderItem =>
  ({
    id,
    order_id,
    dish_id: id,
    dish_variation_id: id,
    dish_name: `dish ${id}`,
    variation_name: '',
    price: `${price}.00`,
    total: `${price * quantity}.00`,
    quantity,
    status: 'SENT_TO_KITCHEN',
    comment: null,
  }) as OrderItem

const bill = (id: number, table: number | null, items: OrderItem[]): OrderWithItems =>
  ({
    id,
    number: id,
    order_type: table === null ? 'TAKEAWAY' : 'DINE_IN',
    table_id: table,
    table_number: table,
    table_name: table === null ? null : `${table}`,
    payment_status: 'UNPAID',
    total_price: `${items.reduce((sum, { total }) => sum + Number(total), 0)}.00`,
    created_at: NOW,
    items,
  }) as OrderWithItems

const table = (id: number, is_occupied: boolean): Table => ({ id, number: id, name: `${id}`, seats: 4, is_occupied }) as Table

function floor(bills: OrderWithItems[]): Sight {
  return {
    tables: [1, 2, 3].map((id) => table(id, bills.some(({ table_id }) => table_id === id))),
    orders: bills.map(({ items: _, ...order }) => order),
    bills: new Map(bills.map((one) => [one.id, one])),
    lines: bills.flatMap(({ items }) => items.map((one) => ({ ...one, status: 'IN_PREPARATION' }) as unknown as KitchenItem)),
  }
}

const entry = (deed: Deed, refused: Entry['refused'] = null): Entry => ({
  key: 'k',
  group: 'g',
  by: { id: 1, name: 'Анна' },
  madeAt: 0,
  tick: null,
  hold: 0,
  deed,
  refused,
})
const oat = { option_id: 11, group_id: 1, group_name: 'Молоко', name: 'Овсяное', quantity: 1, price: '60.00', amount: '0' }
const prices = { digits: 2, priceOf: () => '900.00', modifiersOf: () => [oat] }
const seen = (sight: Sight, ...deeds: Deed[]) => after(sight, deeds.map((deed) => entry(deed)), prices)
const sums = (sight: Sight) => sight.orders.map(({ id, total_price }) => [id, total_price])
const of = (itemId: number, orderId: number, quantity = 1) => ({ orderId, itemId, name: '', quantity })
const plate = (sight: Sight, id: number) =>
  plateOfTable(sight.tables[id - 1]!, { ...sight, entries: [], calls: [], digits: 2, now: Date.parse(NOW) })

// Row 1: sums, plan and bill follow a tap that can still be undone at once.
describe('a tap that can still be undone', () => {
  test('takes the line’s price off the bill, the list and the plate', () => {
    const sight = seen(floor([bill(1, 1, [item(1, 1, 790), item(2, 1, 1380)])]), { kind: 'remove', reason: '', ...of(1, 1) })
    expect(sums(sight)).toEqual([[1, '1380.00']])
    expect(sight.bills.get(1)).toMatchObject({ total_price: '1380.00' })
    expect(sight.bills.get(1)!.items.map(({ status }) => status)).toEqual(['CANCELLED', 'SENT_TO_KITCHEN'])
    expect(plate(sight, 1).total).toBe(138000)
  })

  test('said twice counts once', () => {
    const off: Deed = { kind: 'remove', reason: '', ...of(1, 1) }
    expect(sums(seen(floor([bill(1, 1, [item(1, 1, 790), item(2, 1, 1380)])]), off, off))).toEqual([[1, '1380.00']])
  })

  test('changes how many and which size: the sum follows', () => {
    const line = { dishId: 1, variationId: 1, name: '', quantity: 3, comment: 'без лука' }
    const more = seen(floor([bill(1, 1, [item(1, 1, 100)])]), { kind: 'change', line, ...of(1, 1) })
    expect(sums(more)).toEqual([[1, '300.00']])
    expect(more.bills.get(1)!.items[0]).toMatchObject({ quantity: 3, comment: 'без лука', total: '300.00' })
    const other = seen(floor([bill(1, 1, [item(1, 1, 100)])]), { kind: 'change', line: { ...line, variationId: 7 }, ...of(1, 1) })
    expect(sums(other)).toEqual([[1, '2700.00']])
  })

  test('weighs a dish again: the sum follows, to the minor unit', () => {
    const meat = { ...item(1, 1, 630), quantity: 0.35, unit: 'kg' as const, price: '1800.00' }
    const line = { dishId: 1, variationId: meat.dish_variation_id, name: '', quantity: 0.372, unit: 'kg' as const, comment: '' }
    const again = seen(floor([bill(1, 1, [meat])]), { kind: 'change', line, ...of(1, 1) })
    expect(sums(again)).toEqual([[1, '669.60']])
    expect(again.bills.get(1)!.items[0]).toMatchObject({ quantity: 0.372, unit: 'kg', total: '669.60' })
  })

  test('moves the order on the plan: one table is free, the other is taken', () => {
    const sight = seen(floor([bill(1, 1, [item(1, 1, 500)])]), { kind: 'move', orderId: 1, name: '', tableId: 3, to: '3', items: null })
    expect(plate(sight, 1)).toMatchObject({ state: 'free', total: 0 })
    expect(plate(sight, 3)).toMatchObject({ state: 'busy', total: 50000 })
  })

  test('joins two bills into one', () => {
    const sight = seen(floor([bill(1, 1, [item(1, 1, 500)]), bill(2, 2, [item(2, 2, 300)])]), {
      kind: 'move', orderId: 1, name: '', tableId: 2, to: '2', items: null,
    })
    expect(sums(sight)).toEqual([[2, '800.00']])
    expect(sight.bills.get(2)!.items).toHaveLength(2)
    expect(plate(sight, 1).state).toBe('free')
  })

  test('moves a part of a line: both sums are right, and so is a second move to the same table', () => {
    const start = floor([bill(1, 1, [item(1, 1, 100, 3), item(2, 1, 50)])])
    const part: Deed = { kind: 'move', orderId: 1, name: '', tableId: 2, to: '2', items: [{ id: 1, quantity: 1 }] }
    const once = seen(start, part)
    expect([plate(once, 1).total, plate(once, 2).total]).toEqual([25000, 10000])
    const twice = seen(start, part, { ...part, items: [{ id: 2, quantity: 1 }] })
    expect([plate(twice, 1).total, plate(twice, 2).total]).toEqual([20000, 15000])
    const elsewhere = seen(start, part, { ...part, tableId: 3, to: '3', items: [{ id: 2, quantity: 1 }] })
    expect([1, 2, 3].map((id) => plate(elsewhere, id).total)).toEqual([20000, 10000, 5000])
  })

  test('serves and confirms', () => {
    const sight = seen(floor([bill(1, 1, [item(1, 1, 10), item(2, 1, 10)])]), { kind: 'serve', ...of(1, 1) }, { kind: 'confirm', ...of(2, 1) })
    expect(sight.bills.get(1)!.items.map(({ status }) => status)).toEqual(['SERVED', 'IN_PREPARATION'])
    expect(sight.lines.map(({ status }) => status)).toEqual(['SERVED', 'IN_PREPARATION'])
  })

  test('cancels the order: it is gone, and its table is free', () => {
    const start = floor([bill(1, 1, [item(1, 1, 790)]), bill(2, null, [item(2, 2, 300)])])
    const off: Deed = { kind: 'cancel', orderId: 1, name: '', reason: 'ушли', total: '790.00' }
    const sight = seen(start, off)
    expect(sums(sight)).toEqual([[2, '300.00']])
    expect(sight.lines.map(({ order_id }) => order_id)).toEqual([2])
    expect(plate(sight, 1)).toMatchObject({ state: 'free', total: 0, orders: [] })
    expect(seen(start, off, off)).toEqual(sight)
    expect(sums(seen(start, { ...off, orderId: 2 }))).toEqual([[1, '790.00']])
  })

  test('cancels one of two orders: the table stays taken', () => {
    const paid = { ...bill(1, 1, [item(1, 1, 790)]), payment_status: 'PAID' as const }
    const sight = seen(floor([paid, bill(2, 1, [item(2, 2, 300)])]), { kind: 'cancel', orderId: 2, name: '', reason: 'x', total: '300.00' })
    expect(plate(sight, 1).state).toBe('paid')
    expect(sight.tables[0]!.is_occupied).toBe(true)
  })

  test('changes nothing once the box has refused it', () => {
    const start = floor([bill(1, 1, [item(1, 1, 790)])])
    const no = { status: 409, code: 'line_fixed', detail: '', params: {} }
    expect(after(start, [entry({ kind: 'remove', reason: '', ...of(1, 1) }, no)], prices)).toEqual(start)
  })
})

test('an order whose lines this tablet does not know still moves as a whole', () => {
  const known = floor([bill(1, 1, [item(1, 1, 500)])])
  const sight = seen({ ...known, bills: new Map() }, { kind: 'move', orderId: 1, name: '', tableId: 3, to: '3', items: null })
  expect(plate(sight, 3).total).toBe(50000)
  expect(platesWithoutTable({ ...sight, entries: [], calls: [], digits: 2, now: 0 })).toEqual([])
})

test('a line with other options costs what they add, and what moves takes its options along', () => {
  const coffee = { ...item(1, 1, 250), price: '190.00', modifiers_price: '60.00', modifiers: [oat], quantity: 1 }
  const known = floor([bill(1, 1, [coffee])])
  const line = { dishId: coffee.dish_id, variationId: coffee.dish_variation_id, name: '', quantity: 2, comment: '', modifiers: [{ option_id: 11 }], adds: 7000 }
  const changed = seen(known, { kind: 'change', line, ...of(1, 1) })
  expect(changed.bills.get(1)!.items[0]).toMatchObject({ total: '520.00', modifiers_price: '70.00', modifiers: [oat] })
  const two = floor([bill(1, 1, [{ ...coffee, quantity: 2, total: '500.00' }])])
  const moved = seen(two, { kind: 'move', orderId: 1, name: '', tableId: 3, to: '3', items: [{ id: 1, quantity: 1 }] })
  expect([...moved.bills.values()].flatMap(({ items }) => items.map(({ total }) => total))).toEqual(['250.00', '250.00'])
})

test('a course that was fired, held or put elsewhere stands so at once', () => {
  const held = { ...item(2, 1, 700), status: 'HELD', course: 2 } as OrderItem
  const seen = floor([bill(1, 1, [item(1, 1, 350), held])])
  const course = { orderId: 1, name: 'Стол 1', course: 2, itemIds: [2] }
  const statusOf = (sight: Sight) => sight.bills.get(1)!.items[1]!.status
  expect(statusOf(after(seen, [entry({ kind: 'fire', ...course })], prices))).toBe('IN_PREPARATION')
  expect(statusOf(after(seen, [entry({ kind: 'fire', ...course }), entry({ kind: 'hold', ...course })], prices))).toBe('HELD')
  const put = entry({ kind: 'put', orderId: 1, itemId: 2, name: 'dish 2', quantity: 1, course: 0 })
  expect(after(seen, [put], prices).bills.get(1)!.items[1]!.course).toBeNull()
})
