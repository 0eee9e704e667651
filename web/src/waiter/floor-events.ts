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
  versionIn,
  writtenAt,
  type ToldLine,
} from '../lib/order-events'
import type { Call, ItemStatus, Order, OrderItem, OrderStatus, OrderWithItems, Table, UnclearPayment } from '../lib/types'

/** What changes all evening. */
export interface Floor {
  tables: Table[]
  /** the open orders, newest first */
  orders: Order[]
  /** their lines that are neither served nor taken off */
  lines: ToldLine[]
  calls: Call[]
  /** of which somebody has to find out whether they came */
  unclear: UnclearPayment[]
  bills: ReadonlyMap<number, OrderWithItems>
}

export type List = 'tables' | 'calls' | 'orders' | 'unclear'
export const LISTS: List[] = ['tables', 'calls', 'orders', 'unclear']

/** What changes seldom. */
export type Still = 'restaurant' | 'menu' | 'rooms' | 'methods' | 'reasons'
export const ALL_STILL: Still[] = ['restaurant', 'menu', 'rooms', 'methods', 'reasons']

export interface After {
  floor: Floor
  /** an order of which the event tells too little; a later event may tell it whole */
  unsure?: number
  lists?: List[]
  still?: Still[]
}

export const LIVE_LINES: ItemStatus[] = ['NEW', 'HELD', 'SENT_TO_KITCHEN', 'IN_PREPARATION', 'READY']
/** They change nothing that a waiter sees, or another event tells of the same. */
const IDLE = [
  'order_ready',
  'order_delayed',
  'broadcast',
  'security_alert',
  'device_changed',
  'approval_changed',
  'printers_changed',
  'fiscal_changed',
  'pay_changed',
  'cash_changed',
  'customer_changed',
  'reservation_changed',
]

export function floorAfter(floor: Floor, event: LiveEvent): After {
  if (IDLE.includes(event.type)) return { floor }
  const whole = orderIn(event)
  if (whole) return { floor: withOrder(floor, whole, 'told') }
  switch (event.type) {
    case 'order_created':
    case 'order_updated':
    case 'order_status_changed':
    case 'item_status_changed':
    case 'payment_received':
      return aboutOrder(floor, event)
    case 'check_changed':
      return { ...aboutOrder(floor, event), ...(isUnclear(floor, event) ? { lists: ['unclear'] } : {}) }
    case 'table_called':
      return called(floor, event)
    case 'call_answered':
      return answered(floor, event)
    case 'table_changed':
      return tableChanged(floor, event)
    case 'menu_changed':
      return { floor, still: ['import', 'restaurant'].includes(event.data?.what as string) ? ['restaurant', 'menu'] : ['menu'] }
    case 'payment_methods_changed':
      return { floor, lists: LISTS, still: ['methods'] }
    default:
      return { floor, lists: LISTS, still: ALL_STILL }
  }
}

/** The order as it is now, in all lists. One that is told, and older than what is known, changes nothing. */
export function withOrder(floor: Floor, order: OrderWithItems, how: 'told' | 'read'): Floor {
  const { bills } = floor
  const known = bills.get(order.id) ?? floor.orders.find(({ id }) => id === order.id)
  if (how === 'told' && known && known.version > order.version) return floor
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
  const bills = [...floor.bills.values()].map((bill) => ({ bill, at: writtenAt(bill) }))
  bills.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
  for (const { bill } of bills) for (const line of linesOf(bill)) lines.set(line.id, line)
  return { ...floor, lines: [...lines.values()].sort(byTime) }
}

export function withoutOrder(floor: Floor, orderId: number): Floor {
  const bills = new Map(floor.bills)
  bills.delete(orderId)
  const orders = floor.orders.filter(({ id }) => id !== orderId)
  return relined({ ...floor, orders, bills, tables: seated(floor.tables, orders) })
}

/** Orders whose bills say otherwise than the list as just read. Their version is not enough: a table's new number, or a
    waiter's new name, does not move it. */
export function doubtful({ bills, orders }: Floor): number[] {
  const isOther = (order: Order): boolean => {
    const bill = bills.get(order.id)
    return !bill || Object.entries(order).some(([field, value]) => (bill[field as keyof Order] ?? null) !== (value ?? null))
  }
  return orders.filter(isOther).map(({ id }) => id)
}

const linesOf = (order: OrderWithItems): ToldLine[] =>
  order.items.filter(({ status }) => LIVE_LINES.includes(status)).map((item) => lineOf(order, item))

/** Tables with the order that stands there: the open bill, else the newest. Who loses the last one is free. Whoever was
    counted when they were seated is counted in their order from then on. */
export function seated(tables: Table[], orders: Order[]): Table[] {
  return tables.map((table) => {
    const here = orders.filter((order) => order.table_id === table.id && order.order_type === 'DINE_IN')
    const bill = here.find((order) => order.payment_status === 'UNPAID') ?? here[0]
    const was = table.current_order_id ?? null
    const now = bill?.id ?? null
    if (was === now) return table
    return { ...table, current_order_id: now, is_occupied: now !== null, guests: null }
  })
}

function aboutOrder(floor: Floor, event: LiveEvent): After {
  const id = event.order_id
  if (!id) return { floor, lists: LISTS }
  if (event.type === 'order_status_changed' && (event.status === 'COMPLETED' || event.status === 'CANCELLED'))
    return { floor: withoutOrder(floor, id) }
  const bill = floor.bills.get(id)
  const version = versionIn(event)
  if (bill && version <= bill.version) return { floor }
  // Something that became of it before was missed.
  if (!bill || version > bill.version + 1) return { floor, unsure: id }
  switch (event.type) {
    case 'order_status_changed':
      return { floor: withHead(floor, bill, statusChanged(bill, event)) }
    case 'item_status_changed':
      return itemMoved(floor, bill, event)
    case 'payment_received':
      return { floor: withHead(floor, bill, paid(event)) }
    case 'check_changed':
      return { floor: withHead(floor, bill, billed(event)) }
    default:
      return { floor, unsure: id }
  }
}

function statusChanged(bill: Order, event: LiveEvent): Partial<Order> {
  const updated_at = event.data?.updated_at as string
  const status = event.status as OrderStatus
  const served_at = bill.served_at ?? (status === 'SERVED' ? updated_at : null)
  const time_to_serve = served_at ? minutesFrom(bill.created_at, served_at) : null
  return { status, served_at, time_to_serve, updated_at, version: versionIn(event) }
}

function withHead(floor: Floor, bill: OrderWithItems, changes: Partial<Order>): Floor {
  const orders = floor.orders.map((order) => (order.id === bill.id ? { ...order, ...changes } : order))
  const bills = new Map(floor.bills).set(bill.id, { ...bill, ...changes })
  return { ...floor, orders, bills, tables: seated(floor.tables, orders) }
}

function itemMoved(floor: Floor, bill: OrderWithItems, event: LiveEvent): After {
  const step = stepIn(event)
  const item = step && bill.items.find(({ id }) => id === step.itemId)
  if (!step || !item) return { floor, unsure: bill.id }
  const now: OrderItem = steppedItem(item, step)
  const order = { ...bill, items: bill.items.map((one) => (one === item ? now : one)) }
  // Whoever says yes to a guest's line takes the order on.
  const taken = step.takenOn ? { ...step.takenOn, updated_at: step.updated_at } : {}
  return { floor: relined(withHead(floor, order, { ...taken, version: versionIn(event) })) }
}

/** A payment began, or somebody found out what became of one. */
function isUnclear({ unclear }: Floor, { order_id, data }: LiveEvent): boolean {
  const checks = (data?.checks ?? []) as { pending: string }[]
  return checks.some(({ pending }) => Number(pending) > 0) || unclear.some((payment) => payment.order_id === order_id)
}

/** What its checks come to; who looks at them reads them. */
function billed(event: LiveEvent): Partial<Order> {
  const { total_price, updated_at } = event.data as Pick<Order, 'total_price' | 'updated_at'>
  return { total_price, updated_at, version: versionIn(event) }
}

function paid(event: LiveEvent): Partial<Order> {
  const { kind, method, payment_method_id: id, updated_at } = event.data ?? {}
  const isBack = kind === 'REFUND'
  const by = typeof id === 'number' && !isBack ? { payment_method_id: id, payment_method_name: method as string } : {}
  const version = versionIn(event)
  return { payment_status: isBack ? 'REFUNDED' : 'PAID', updated_at: updated_at as string, version, ...by }
}

function called(floor: Floor, { data }: LiveEvent): After {
  const { call_id: id, ...told } = data as { call_id: number } & Omit<Call, 'id' | 'answered_at'>
  const call: Call = { id, ...told, answered_at: null }
  const calls = [...floor.calls.filter((one) => one.id !== id), call]
  return { floor: { ...floor, calls: calls.sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id - b.id) } }
}

/** Who answers shows the bill to the phones that called, and waited to see it. */
function answered(floor: Floor, { data }: LiveEvent): After {
  const calls = floor.calls.filter(({ id }) => id !== data?.call_id)
  const waited = floor.tables.some(({ id, phones_waiting }) => id === data?.table_id && phones_waiting > 0)
  return { floor: { ...floor, calls }, ...(waited ? { lists: ['tables'] } : {}) }
}

/** A table's name stands in its orders and calls too, and its room in the calls: they are read then. */
function tableChanged(floor: Floor, { data }: LiveEvent): After {
  if (data?.what !== 'table') return { floor, lists: LISTS, still: ['rooms'] }
  const known = floor.tables.find(({ id }) => id === data.id)
  const told = data.table as Omit<Table, 'id' | 'qr_code' | 'created_at'> | undefined
  if (!told) return { floor: { ...floor, tables: floor.tables.filter((table) => table !== known) } }
  const isElsewhere = known?.name !== told.name || known.number !== told.number || known.location_id !== told.location_id
  if (!known || isElsewhere) return { floor, lists: ['tables', 'calls'] }
  return { floor: { ...floor, tables: floor.tables.map((table) => (table === known ? { ...known, ...told } : table)) } }
}
