// The floor after an event: what the event carries is laid into what is known. Where it carries too little it says which
// order, or which lists, are to be read. Pure.

import type { LiveEvent } from '../lib/live'
import {
  byTime,
  headOf,
  isClosed,
  lineOf,
  minutesFrom,
  orderIn,
  stepIn,
  steppedItem,
  versionOf,
  type ToldLine,
} from '../lib/order-events'
import type { Call, ItemStatus, Order, OrderItem, OrderWithItems, PaymentMethod, Table } from '../lib/types'

/** What changes all evening. */
export interface Floor {
  tables: Table[]
  /** the open orders, newest first */
  orders: Order[]
  /** their lines that are neither served nor taken off */
  lines: ToldLine[]
  calls: Call[]
  bills: ReadonlyMap<number, OrderWithItems>
}

export type List = 'tables' | 'calls' | 'orders'
export const LISTS: List[] = ['tables', 'calls', 'orders']

/** Who listens. */
export interface Listener {
  methods: PaymentMethod[]
  /** whether each change of this order is told to them, or only its steps */
  isTold: (order: Order) => boolean
}

export interface After {
  floor: Floor
  /** an order of which the event tells too little; a later event may tell it whole */
  unsure?: number
  /** an order that may hold more than is told to this person: looked at when lists are next read */
  doubt?: number
  lists?: List[]
  /** what changes seldom is to be read: the menu, the rooms, the ways to pay */
  still?: boolean
}

export const LIVE_LINES: ItemStatus[] = ['NEW', 'SENT_TO_KITCHEN', 'IN_PREPARATION', 'READY']
/** They change nothing that a waiter sees, or another event tells of the same. */
const IDLE = ['order_ready', 'order_delayed', 'broadcast', 'security_alert', 'device_changed', 'approval_changed']

export function floorAfter(floor: Floor, event: LiveEvent, listener: Listener): After {
  if (IDLE.includes(event.type)) return { floor }
  const whole = orderIn(event)
  if (whole) return { floor: withOrder(floor, whole, 'told') }
  switch (event.type) {
    case 'order_created':
    case 'order_updated':
    case 'order_status_changed':
    case 'item_status_changed':
    case 'payment_received':
      return aboutOrder(floor, event, listener)
    case 'table_called':
      return called(floor, event, listener.methods)
    case 'call_answered':
      return { floor: { ...floor, calls: floor.calls.filter(({ id }) => id !== event.data?.call_id) } }
    case 'table_changed':
      return event.data?.what === 'table' ? { floor, lists: ['tables'] } : { floor, lists: LISTS, still: true }
    case 'menu_changed':
      return { floor, still: true }
    default:
      return { floor, lists: LISTS, still: true }
  }
}

/** The order as it is now, in all lists. One that is told, and older than what is known, changes nothing. */
export function withOrder(floor: Floor, order: OrderWithItems, how: 'told' | 'read'): Floor {
  const { bills } = floor
  const known = bills.get(order.id) ?? floor.orders.find(({ id }) => id === order.id)
  if (how === 'told' && known && versionOf(known) > versionOf(order)) return floor
  if (isClosed(order.status)) return withoutOrder(floor, order.id)
  const orders = [...floor.orders.filter(({ id }) => id !== order.id), headOf(order)].sort((a, b) => b.id - a.id)
  return relined({ ...floor, orders, bills: new Map(bills).set(order.id, order), tables: seated(floor.tables, orders) })
}

/** The lines as the bills have them, and as they were read where a bill is not known yet. A line that went from one order
    to another stands where it was written last, also while only one of the two has been told. */
export function relined(floor: Floor): Floor {
  const lines = new Map<number, ToldLine>()
  const open = new Set(floor.orders.map(({ id }) => id))
  for (const line of floor.lines) if (open.has(line.order_id) && !floor.bills.has(line.order_id)) lines.set(line.id, line)
  const bills = [...floor.bills.values()].map((bill) => ({ bill, version: versionOf(bill) }))
  bills.sort((a, b) => (a.version < b.version ? -1 : Number(a.version > b.version)))
  for (const { bill } of bills) for (const line of linesOf(bill)) lines.set(line.id, line)
  return { ...floor, lines: [...lines.values()].sort(byTime) }
}

export function withoutOrder(floor: Floor, orderId: number): Floor {
  const bills = new Map(floor.bills)
  bills.delete(orderId)
  const orders = floor.orders.filter(({ id }) => id !== orderId)
  return relined({ ...floor, orders, bills, tables: seated(floor.tables, orders) })
}

/** Bills that say otherwise than the lists as just read. An order's mark is not enough: a comment does not move it, and two
    changes may be of one millisecond. */
export function doubtful({ bills, orders, lines }: Floor): number[] {
  const words = (of: ToldLine[]): string =>
    JSON.stringify(of.map((line) => [line.id, line.status, line.quantity, line.comment ?? '', line.dish_variation_id]))
  const isOther = (order: Order): boolean => {
    const bill = bills.get(order.id)
    if (!bill) return true
    if (Object.entries(order).some(([field, value]) => (bill[field as keyof Order] ?? null) !== (value ?? null))) return true
    return words(linesOf(bill).sort(byTime)) !== words(lines.filter((line) => line.order_id === order.id))
  }
  return orders.filter(isOther).map(({ id }) => id)
}

const linesOf = (order: OrderWithItems): ToldLine[] =>
  order.items.filter(({ status }) => LIVE_LINES.includes(status)).map((item) => lineOf(order, item))

/** Tables with the order that stands there: the open bill, else the newest. Who loses the last one is free. */
export function seated(tables: Table[], orders: Order[]): Table[] {
  return tables.map((table) => {
    const here = orders.filter((order) => order.table_id === table.id && order.order_type === 'DINE_IN')
    const bill = here.find((order) => order.payment_status === 'UNPAID') ?? here[0]
    const was = table.current_order_id ?? null
    const now = bill?.id ?? null
    if (was === now) return table
    return { ...table, current_order_id: now, is_occupied: now !== null }
  })
}

function aboutOrder(floor: Floor, event: LiveEvent, listener: Listener): After {
  const id = event.order_id
  if (!id) return { floor, lists: LISTS }
  if (event.type === 'order_status_changed' && (event.status === 'COMPLETED' || event.status === 'CANCELLED'))
    return { floor: withoutOrder(floor, id) }
  const bill = floor.bills.get(id)
  if (!bill || !isSame(bill, event)) return { floor, unsure: id }
  // Older than what is known, or the box's clock was set back: the order itself knows.
  if (event.type !== 'item_status_changed' && bill.updated_at > event.timestamp) return { floor, unsure: id }
  switch (event.type) {
    case 'order_status_changed':
      return { floor: withHead(floor, bill, statusChanged(bill, event), listener.isTold(bill)) }
    case 'item_status_changed':
      return { ...itemMoved(floor, bill, event), ...(listener.isTold(bill) ? {} : { doubt: id }) }
    case 'payment_received':
      return paid(floor, bill, event, listener.methods)
    default:
      // It leaves its table: the order that follows says to where.
      return { floor, unsure: id }
  }
}

/** Whose it is and where it stands may have changed with something that is not told here. */
function isSame(order: Order, { data }: LiveEvent): boolean {
  return data?.waiter_id === order.waiter_id && (data?.table_id ?? null) === (order.table_id ?? null)
}

function statusChanged(bill: Order, { timestamp, status }: LiveEvent): Partial<Order> {
  const served_at = bill.served_at ?? (status === 'SERVED' ? timestamp : null)
  const time_to_serve = served_at ? minutesFrom(bill.created_at, served_at) : null
  return { status: status as Order['status'], served_at, time_to_serve, updated_at: timestamp }
}

/** `isTold`: else the order may hold more than is known, and its old mark says so when the lists are read. */
function withHead(floor: Floor, bill: OrderWithItems, changes: Partial<Order>, isTold: boolean): Floor {
  if (!isTold) delete changes.updated_at
  const now = { ...bill, ...changes }
  const orders = floor.orders.map((order) => (order.id === bill.id ? { ...order, ...changes } : order))
  return { ...floor, orders, bills: new Map(floor.bills).set(bill.id, now), tables: seated(floor.tables, orders) }
}

function itemMoved(floor: Floor, bill: OrderWithItems, event: LiveEvent): After {
  const step = stepIn(event)
  const item = step && bill.items.find(({ id }) => id === step.itemId)
  if (!step || !item || item.updated_at > step.at) return { floor, unsure: bill.id }
  const now: OrderItem = steppedItem(item, step)
  const order = { ...bill, items: bill.items.map((one) => (one === item ? now : one)) }
  const after: After = { floor: relined({ ...floor, bills: new Map(floor.bills).set(bill.id, order) }) }
  // Whoever says yes to a guest's line takes the order on.
  return step.from === 'NEW' && step.to !== 'CANCELLED' ? { ...after, unsure: bill.id } : after
}

function paid(floor: Floor, bill: OrderWithItems, event: LiveEvent, methods: PaymentMethod[]): After {
  const isBack = event.data?.kind === 'REFUND'
  const name = isBack ? null : (event.data?.method ?? null)
  const method = methods.find((one) => one.name === name)
  if (name !== null && !method) return { floor, unsure: bill.id }
  const by = method ? { payment_method_id: method.id, payment_method_name: method.name } : {}
  const changes: Partial<Order> = { payment_status: isBack ? 'REFUNDED' : 'PAID', updated_at: event.timestamp, ...by }
  return { floor: withHead(floor, bill, changes, true) }
}

function called(floor: Floor, { data, timestamp }: LiveEvent, methods: PaymentMethod[]): After {
  const name = (data?.payment_method_name ?? null) as string | null
  const method = methods.find((one) => one.name === name)
  const table = floor.tables.find(({ id }) => id === data?.table_id)
  if (!table || (name !== null && !method)) return { floor, lists: ['calls'] }
  const was = floor.calls.find(({ id }) => id === data?.call_id)
  const call: Call = {
    id: data?.call_id as number,
    table_id: table.id,
    table_number: data?.table_number as number,
    location_id: table.location_id ?? null,
    kind: data?.kind as Call['kind'],
    payment_method_id: method?.id ?? null,
    payment_method_name: name,
    created_at: was?.created_at ?? timestamp,
    answered_at: null,
  }
  const calls = [...floor.calls.filter(({ id }) => id !== call.id), call]
  return { floor: { ...floor, calls: calls.sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id - b.id) } }
}
