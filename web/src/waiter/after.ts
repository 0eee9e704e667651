// The floor as it will be when the box has heard of every tap that is on its way, those included that can still be
// undone: sums, tables and lines follow a tap at once, and no part of the screen contradicts another. Pure.

import type { ToldLine } from '../lib/order-events'
import type { Line } from '../lib/line'
import { fromMinor, toMinor } from '../lib/money'
import type { ItemStatus, LineModifier, Order, OrderItem, OrderWithItems, Table } from '../lib/types'
import { costOf } from '../lib/weight'
import { placeOf } from './floor'
import type { Deed, Entry } from './outbox.svelte'

export interface Sight {
  tables: Table[]
  /** the open orders, newest first */
  orders: Order[]
  /** those of them whose lines are known */
  bills: ReadonlyMap<number, OrderWithItems>
  /** the kitchen's lines of open orders */
  lines: ToldLine[]
}

interface Prices {
  /** digits after the point of the currency */
  digits: number
  /** of one piece, kilogram or litre, as the menu has it now; null: it is not on the menu */
  priceOf: (line: Line) => string | null
  /** its options, as the box will tell them */
  modifiersOf: (line: Line) => LineModifier[]
}

type Move = Extract<Deed, { kind: 'move' }>
type Seat = Extract<Deed, { kind: 'seat' }>
type Count = Extract<Deed, { kind: 'guests' }>

/** The order that opens at a table when lines are moved there; the box has not numbered it yet. */
export const isUnborn = (order: Pick<Order, 'id'>): boolean => order.id < 0

const idUnborn = (sight: Sight): number => Math.min(0, ...sight.orders.map(({ id }) => id)) - 1

export function after(sight: Sight, entries: Entry[], prices: Prices): Sight {
  return entries.reduce((seen, { deed, refused }) => (refused ? seen : done(seen, deed, prices)), sight)
}

function done(sight: Sight, deed: Deed, prices: Prices): Sight {
  switch (deed.kind) {
    case 'order':
      return sight
    case 'seat':
      return seated(sight, deed)
    case 'guests':
      return counted(sight, deed)
    case 'move':
      return moved(sight, deed, prices.digits)
    case 'serve':
      return withStatus(sight, deed.itemId, 'SERVED')
    case 'confirm':
      return withStatus(sight, deed.itemId, 'IN_PREPARATION')
    case 'fire':
      return deed.itemIds.reduce((seen, id) => withStatus(seen, id, 'IN_PREPARATION'), sight)
    case 'hold':
      return deed.itemIds.reduce((seen, id) => withStatus(seen, id, 'HELD'), sight)
    case 'put':
      return withItem(sight, deed.orderId, deed.itemId, prices.digits, (item) => ({
        ...item,
        ...(deed.course !== undefined && { course: deed.course || null }),
        ...(deed.seat !== undefined && { seat: deed.seat || null }),
      }))
    case 'remove':
      return removed(sight, deed, prices.digits)
    case 'cancel':
      return cancelled(sight, deed.orderId)
    case 'change':
      return withItem(sight, deed.orderId, deed.itemId, prices.digits, (item) => changed(item, deed.line, prices))
  }
}

function seated(sight: Sight, { tableId, guests }: Seat): Sight {
  const tables = sight.tables.map((table) => (table.id === tableId ? { ...table, is_occupied: true, guests } : table))
  return { ...sight, tables }
}

function counted(sight: Sight, { orderId, guests }: Count): Sight {
  const orders = sight.orders.map((order) => (order.id === orderId ? { ...order, guests } : order))
  const bill = sight.bills.get(orderId)
  return { ...sight, orders, bills: bill ? new Map(sight.bills).set(orderId, { ...bill, guests }) : sight.bills }
}

function withStatus(sight: Sight, itemId: number, status: ItemStatus): Sight {
  const set = <T extends { id: number; status: ItemStatus }>(lines: T[]): T[] =>
    lines.map((line) => (line.id === itemId ? { ...line, status } : line))
  const bills = [...sight.bills].map(([id, bill]) => [id, { ...bill, items: set(bill.items) }] as const)
  return { ...sight, bills: new Map(bills), lines: set(sight.lines) }
}

function removed(sight: Sight, deed: Extract<Deed, { kind: 'remove' }>, digits: number): Sight {
  const items = sight.bills.get(deed.orderId)?.items ?? []
  const off = items.find(({ id }) => id === deed.itemId)
  if (!off || off.status === 'CANCELLED') return withStatus(sight, deed.itemId, 'CANCELLED')
  // Who takes off a part of a combo takes off all of it.
  const all = off.combo ? items.filter(({ combo, status }) => combo?.id === off.combo!.id && status !== 'CANCELLED') : [off]
  return all.reduce((seen, { id, total }) => withStatus(plus(seen, deed.orderId, -toMinor(total, digits), digits), id, 'CANCELLED'), sight)
}

/** The order is gone, and its table is free unless another order stands there. */
function cancelled(sight: Sight, orderId: number): Sight {
  const off = sight.orders.find(({ id }) => id === orderId)
  if (!off) return sight
  const orders = sight.orders.filter((order) => order !== off)
  const bills = new Map(sight.bills)
  bills.delete(orderId)
  const isFree = placeOf(off).at === 'table' && !orders.some((order) => order.table_id === off.table_id)
  return {
    tables: sight.tables.map((table) => (isFree && table.id === off.table_id ? { ...table, is_occupied: false } : table)),
    orders,
    bills,
    lines: sight.lines.filter((line) => line.order_id !== orderId),
  }
}

function withItem(sight: Sight, orderId: number, itemId: number, digits: number, to: (item: OrderItem) => OrderItem): Sight {
  const bill = sight.bills.get(orderId)
  const was = bill?.items.find(({ id }) => id === itemId)
  if (!bill || !was) return sight
  const now = to(was)
  const items = bill.items.map((item) => (item === was ? now : item))
  const lines = sight.lines.map((line) =>
    line.id === itemId ? { ...line, quantity: now.quantity, unit: now.unit ?? null, comment: now.comment ?? null, variation_name: now.variation_name } : line,
  )
  const bills = new Map(sight.bills).set(orderId, { ...bill, items })
  return plus({ ...sight, bills, lines }, orderId, toMinor(now.total, digits) - toMinor(was.total, digits), digits)
}

/** What one of a line costs, with its options. */
const priceOfOne = (item: Pick<OrderItem, 'price' | 'modifiers_price'>, digits: number): number =>
  toMinor(item.price, digits) + toMinor(item.modifiers_price ?? '0', digits)

function changed(item: OrderItem, line: Line, { digits, priceOf, modifiersOf }: Prices): OrderItem {
  const isSame = line.variationId === item.dish_variation_id
  const price = (isSame ? null : priceOf(line)) ?? item.price
  const others = line.modifiers && { modifiers: modifiersOf(line), modifiers_price: fromMinor(line.adds ?? 0, digits) }
  const total = fromMinor(costOf(priceOfOne({ ...item, ...others, price }, digits), line.quantity), digits)
  const of = { quantity: line.quantity, unit: line.unit ?? null }
  return { ...item, ...of, ...others, dish_variation_id: line.variationId, comment: line.comment || null, price, total }
}

/** An order that costs so much more (minor units), in the list and in its bill. */
function plus(sight: Sight, orderId: number, more: number, digits: number): Sight {
  const add = <T extends Order>(order: T): T => ({
    ...order,
    total_price: fromMinor(toMinor(order.total_price, digits) + more, digits),
  })
  const bill = sight.bills.get(orderId)
  return {
    ...sight,
    orders: sight.orders.map((order) => (order.id === orderId ? add(order) : order)),
    bills: bill ? new Map(sight.bills).set(orderId, add(bill)) : sight.bills,
  }
}

/** Lines, or all of them, are at another table: on its open bill, or on a new one. */
function moved(sight: Sight, deed: Move, digits: number): Sight {
  const from = sight.orders.find(({ id }) => id === deed.orderId)
  const table = sight.tables.find(({ id }) => id === deed.tableId)
  if (!from || !table || from.table_id === table.id) return sight
  const open = sight.orders.find(
    (order) => order.table_id === table.id && placeOf(order).at === 'table' && order.payment_status === 'UNPAID',
  )
  const there = { table_id: table.id, table_number: table.number, table_name: table.name, order_type: 'DINE_IN' as const }
  let next: Sight
  if (deed.items) next = parted(sight, from, deed.items, open ?? { ...from, ...there, id: idUnborn(sight), total_price: fromMinor(0, digits) }, digits)
  else if (open) next = joined(sight, from, open, digits)
  else next = withOrder(sight, { ...from, ...there })
  return { ...next, tables: next.tables.map((one) => ({ ...one, is_occupied: isTaken(one, from, table, next) })) }
}

function isTaken(one: Table, from: Order, to: Table, sight: Sight): boolean {
  if (one.id === to.id) return true
  if (one.id !== from.table_id) return one.is_occupied
  return sight.orders.some((order) => order.table_id === one.id)
}

function withOrder(sight: Sight, order: Order): Sight {
  const bill = sight.bills.get(order.id)
  const isHere = sight.orders.some(({ id }) => id === order.id)
  return {
    ...sight,
    orders: isHere ? sight.orders.map((one) => (one.id === order.id ? order : one)) : [order, ...sight.orders],
    bills: bill ? new Map(sight.bills).set(order.id, { ...order, items: bill.items }) : sight.bills,
  }
}

function joined(sight: Sight, from: Order, into: Order, digits: number): Sight {
  const bills = new Map(sight.bills)
  const [moving, staying] = [bills.get(from.id), bills.get(into.id)]
  bills.delete(from.id)
  if (moving && staying) bills.set(into.id, { ...staying, items: [...staying.items, ...moving.items] })
  const orders = sight.orders.filter(({ id }) => id !== from.id)
  const lines = sight.lines.map((line) => (line.order_id === from.id ? { ...line, order_id: into.id } : line))
  return plus({ ...sight, orders, bills, lines }, into.id, toMinor(from.total_price, digits), digits)
}

function parted(sight: Sight, from: Order, some: NonNullable<Move['items']>, into: Order, digits: number): Sight {
  const bill = sight.bills.get(from.id)
  if (!bill) return sight
  const count = (item: OrderItem): number =>
    Math.min(item.quantity, some.find(({ id }) => id === item.id)?.quantity ?? 0)
  const cut = (item: OrderItem, quantity: number, total: number): OrderItem => ({
    ...item,
    quantity,
    total: fromMinor(total, digits),
  })
  const whole = (item: OrderItem): boolean => count(item) === item.quantity
  const cost = (item: OrderItem, quantity: number): number => costOf(priceOfOne(item, digits), quantity)
  const going = bill.items.filter((item) => count(item) > 0)
  const sum = going.reduce((all, item) => all + cost(item, count(item)), 0)
  const staying = bill.items
    .filter((item) => !whole(item))
    .map((item) => (count(item) > 0 ? cut(item, item.quantity - count(item), cost(item, item.quantity - count(item))) : item))
  const there = sight.bills.get(into.id)?.items ?? []
  const here = going.map((item) => cut(item, count(item), cost(item, count(item))))
  const bills = new Map(sight.bills).set(from.id, { ...bill, items: staying }).set(into.id, { ...into, items: [...there, ...here] })
  const gone = new Set(going.filter(whole).map(({ id }) => id))
  const lines = sight.lines.map((line) => (gone.has(line.id) ? { ...line, order_id: into.id } : line))
  const next = withOrder({ ...sight, bills, lines }, into)
  return plus(plus(next, from.id, -sum, digits), into.id, sum, digits)
}
