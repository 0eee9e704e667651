// A small box for unit tests: it does to orders what the real one does, tells of it in the same events, and answers the
// same lists. See src/orders/store and src/floor.

import type { LiveEvent } from './live'
import { byTime, headOf, isClosed, lineOf } from './order-events'
import type { Call, ItemStatus, KitchenItem, Order, OrderItem, OrderStatus, OrderWithItems, PaymentMethod, Table } from './types'

/** Everybody who works here; or all but the kitchen; or the waiter of the order and admins. */
type Audience = 'staff' | 'till' | 'own'
interface ChangedLine {
  id: number
  quantity: number
  one_size: boolean
}
export interface Told {
  event: LiveEvent
  audience: Audience
  waiterId: number
}

interface Dish {
  id: number
  sizes: number[]
}

const START = Date.parse('2026-03-01T16:00:00Z')
const LIVE: ItemStatus[] = ['SENT_TO_KITCHEN', 'IN_PREPARATION', 'READY']
const NAMES = ['', 'Анна', 'Борис']

export class TestBox {
  dishes: Dish[] = [
    { id: 1, sizes: [1] },
    { id: 2, sizes: [2, 3] },
    { id: 3, sizes: [4] },
  ]
  methods = [{ id: 1, name: 'Карта' }, { id: 2, name: 'Наличные' }] as PaymentMethod[]
  orders: OrderWithItems[] = []
  calls: Call[] = []
  log: Told[] = []
  tables: Table[]
  /** how many were counted there, and have no order yet */
  #seated = new Map<number, number | null>()
  #closing = new Set<number>()
  #now = START
  #ids = 0

  constructor(tables: number) {
    const place = { seats: 4, location_id: 1, description: null, qr_code: '', x: null, y: null, shape: 'square' as Table['shape'] }
    const free = { is_active: true, is_occupied: false, current_order_id: null, guests: null, phones_waiting: 0, created_at: this.at, updated_at: this.at }
    this.tables = Array.from({ length: tables }, (_, at) => ({ id: at + 1, number: at + 1, name: `${at + 1}`, ...place, ...free }))
  }

  get at(): string {
    return new Date(this.#now).toISOString()
  }

  get seq(): number {
    return this.log.length
  }

  /** The next command: a little later, or in the same millisecond. */
  later(ms: number): void {
    this.#now += ms
  }

  listTables(): Table[] {
    return structuredClone(this.tables).map((table) => {
      const here = this.open.filter((order) => order.table_id === table.id && order.order_type === 'DINE_IN')
      const bill = here.find((order) => order.payment_status === 'UNPAID') ?? here[0]
      return { ...table, current_order_id: bill?.id ?? null, is_occupied: !!bill || this.#seated.has(table.id), guests: this.#seated.get(table.id) ?? null }
    })
  }

  listOrders(): Order[] {
    return structuredClone(this.open).map(headOf)
  }

  listLines(statuses: ItemStatus[] = LIVE): KitchenItem[] {
    const lines = this.open.flatMap((order) => order.items.filter(({ status }) => statuses.includes(status)).map((item) => lineOf(order, item)))
    return structuredClone(lines).map((line) => ({ ...line, one_size: this.isOneSize(line.dish_id, line.dish_variation_id) })).sort(byTime)
  }

  listCalls(): Call[] {
    return structuredClone(this.calls)
  }

  order(id: number): OrderWithItems {
    return structuredClone(this.orders.find((order) => order.id === id)!)
  }

  isOneSize(dishId: number, size: number): boolean {
    return this.dishes.find(({ id }) => id === dishId)!.sizes.every((id) => id === size)
  }

  get open(): OrderWithItems[] {
    return this.orders.filter(({ status }) => !isClosed(status)).sort((a, b) => b.id - a.id)
  }

  /** `by` 0: a guest, whose lines wait. */
  place(tableId: number | null, by: number, chosen: { dish: Dish; size: number }[]): void {
    const bill = this.#billAt(tableId)
    const order = bill ?? this.#newOrder(tableId, by)
    const was = order.status
    const added = chosen.map(({ dish, size }) => this.#addItem(order, dish, size, by === 0))
    if (bill) {
      if (order.waiter_id === 0) this.#takeOver(order, by)
      if (order.status === 'SERVED' || order.status === 'DINING') order.status = 'IN_PROGRESS'
      order.updated_at = this.at
      if (order.status !== was) this.#tellStatus(order, was)
    }
    this.#tellWhole(bill ? 'order_updated' : 'order_created', order, added)
  }

  /** A waiter says yes to waiting lines; `whole`: by the order, else by one line's status. */
  confirm(order: OrderWithItems, by: number, whole: boolean): void {
    const waiting = order.items.filter(({ status }) => status === 'NEW')
    const sent = whole ? waiting : waiting.slice(0, 1)
    for (const item of sent) {
      order.confirmed_at ??= this.at
      this.#takeOver(order, by)
      order.updated_at = this.at
      const { waiter_id, waiter_name, confirmed_at } = order
      this.#step(order, item, 'IN_PREPARATION', { taken_on: { waiter_id, waiter_name, confirmed_at } })
    }
    if (sent.length > 0) this.#tellWhole('order_updated', order, sent)
    if (!whole) this.#follow(order)
  }

  /** The kitchen's steps, and the waiter's. */
  step(order: OrderWithItems, item: OrderItem, to: ItemStatus, startedAt?: string | null): void {
    if (startedAt !== undefined) item.preparation_started_at = startedAt
    this.#step(order, item, to)
    this.#follow(order)
  }

  /** A line is held for a later course. */
  hold(order: OrderWithItems, item: OrderItem): void {
    Object.assign(item, { course: 2, status: 'HELD', sent_to_kitchen_at: null, updated_at: this.at })
    this.#tellWhole('order_updated', order, [item])
  }

  /** All that is held of an order goes to the kitchen. */
  fire(order: OrderWithItems): void {
    const held = order.items.filter(({ status }) => status === 'HELD')
    for (const item of held) Object.assign(item, { status: 'IN_PREPARATION', sent_to_kitchen_at: this.at, updated_at: this.at })
    if (held.length > 0) this.#tellWhole('order_updated', order, held)
  }

  remove(order: OrderWithItems, item: OrderItem): void {
    item.status = 'CANCELLED'
    item.updated_at = order.updated_at = this.at
    this.#tellWhole('order_updated', order, [item])
    this.#follow(order)
  }

  change(order: OrderWithItems, item: OrderItem, quantity: number, comment: string): void {
    if (quantity !== item.quantity) order.updated_at = this.at
    Object.assign(item, { quantity, comment, updated_at: this.at })
    this.#tellWhole('order_updated', order, [item])
  }

  setStatus(order: OrderWithItems, to: OrderStatus): void {
    if (to === 'CANCELLED') for (const item of order.items) if (['NEW', 'HELD', ...LIVE].includes(item.status)) this.#step(order, item, 'CANCELLED')
    this.#setStatus(order, to)
  }

  pay(order: OrderWithItems, method: PaymentMethod): void {
    order.payment_status = 'PAID'
    order.payment_method_id = method.id
    order.payment_method_name = method.name
    order.updated_at = this.at
    if (order.table_id) this.#answerAll(order.table_id)
    const by = { method: method.name, payment_method_id: method.id }
    this.#tellChange('payment_received', 'till', order, { kind: 'PAYMENT', amount: order.total_price, ...by, updated_at: this.at })
    this.#closing.add(order.id)
    this.#settle(order)
  }

  move(order: OrderWithItems, tableId: number): void {
    const from = order.table_id!
    const bill = order.payment_status === 'UNPAID' ? this.#billAt(tableId) : undefined
    this.#tell('order_updated', 'staff', order, { lines: [], moved_to_table_id: tableId }, { order: structuredClone(order) })
    const moved = bill ? order.items.filter(({ status }) => status !== 'CANCELLED') : []
    if (bill) {
      if (bill.guests || order.guests) bill.guests = (bill.guests ?? 0) + (order.guests ?? 0)
      this.#carry(order, bill, moved)
      order.status = 'CANCELLED'
      order.cancelled_at = order.updated_at = this.at
      this.#tellChange('order_status_changed', 'staff', order, { updated_at: this.at })
    } else {
      const seated = this.#takeGuests(tableId)
      Object.assign(order, this.#at(tableId), { guests: order.guests ?? seated, updated_at: this.at })
    }
    if (this.#isAt(from)) this.#tellTable(from)
    else {
      for (const call of this.calls.filter((one) => one.table_id === from)) {
        if (this.calls.some((one) => one.table_id === tableId && one.kind === call.kind)) continue
        Object.assign(call, this.#at(tableId))
        this.#tellCall('table_called', call)
      }
      this.#vacate(from)
    }
    this.#tellTable(tableId)
    this.#tellWhole('order_updated', bill ?? order, moved)
  }

  moveItems(order: OrderWithItems, tableId: number, items: OrderItem[]): void {
    const bill = this.#billAt(tableId)
    const target = bill ?? this.#newOrder(tableId, order.waiter_id)
    if (!bill) Object.assign(target, { is_guest_order: order.is_guest_order, confirmed_at: order.confirmed_at, created_at: order.created_at })
    order.updated_at = this.at
    this.#carry(order, target, items)
    this.#follow(order)
    this.#tellWhole('order_updated', order, items)
    this.#tellTable(tableId)
    this.#tellWhole(bill ? 'order_updated' : 'order_created', target, items)
  }

  call(tableId: number, kind: Call['kind'], method: PaymentMethod | null): void {
    const open = this.calls.find((call) => call.table_id === tableId && call.kind === kind)
    const by = { payment_method_id: method?.id ?? null, payment_method_name: method?.name ?? null }
    const place = { ...this.#at(tableId), location_id: 1 }
    const call: Call = open ?? { id: ++this.#ids, ...place, kind, ...by, parts: [], created_at: this.at, answered_at: null }
    if (!open) this.calls.push(call)
    Object.assign(call, by)
    this.#tellCall('table_called', call)
  }

  answer(call: Call): void {
    this.calls = this.calls.filter((one) => one !== call)
    this.#tellCall('call_answered', call)
  }

  seat(tableId: number, isTaken: boolean, guests: number | null = null): void {
    if (!isTaken && !this.#isAt(tableId)) this.#vacate(tableId)
    else if (isTaken && !this.#isAt(tableId)) {
      this.#seated.set(tableId, guests)
      this.tables.find(({ id }) => id === tableId)!.updated_at = this.at
      this.#tellTable(tableId)
    }
  }

  /** The guests of an order are counted. */
  count(order: OrderWithItems, guests: number): void {
    Object.assign(order, { guests, updated_at: this.at })
    this.#tellWhole('order_updated', order, [])
  }

  /** Whoever was seated belongs to the order that comes to the table. */
  #takeGuests(tableId: number): number | null {
    const guests = this.#seated.get(tableId) ?? null
    if (guests !== null) this.#seated.set(tableId, null)
    return guests
  }

  /** The owner paints another number on it. */
  renumber(tableId: number, number: number): void {
    const table = this.tables.find(({ id }) => id === tableId)!
    Object.assign(table, { number, name: `${number}`, updated_at: this.at })
    for (const one of [...this.orders, ...this.calls]) if (one.table_id === tableId) Object.assign(one, this.#at(tableId))
    this.#tellTable(tableId, 'changed')
  }

  #billAt(tableId: number | null): OrderWithItems | undefined {
    return tableId === null ? undefined : this.open.find((order) => order.table_id === tableId && order.payment_status === 'UNPAID')
  }

  #at(tableId: number): { table_id: number; table_number: number; table_name: string } {
    const { number, name } = this.tables.find(({ id }) => id === tableId)!
    return { table_id: tableId, table_number: number, table_name: name }
  }

  #isAt = (tableId: number): boolean => this.open.some((order) => order.table_id === tableId)

  #newOrder(tableId: number | null, by: number): OrderWithItems {
    const id = ++this.#ids
    const method = { payment_method_id: null, payment_method_name: null }
    const none = { notes: null, kitchen_notes: null, customer_name: null, customer_phone: null, customer_id: null, ...method }
    const never = { served_at: null, cancelled_at: null, completed_at: null, time_to_serve: null, joined_into_id: null }
    const where = { order_type: tableId === null ? ('TAKEAWAY' as const) : ('DINE_IN' as const), ...(tableId === null ? { table_id: null, table_number: null, table_name: null } : this.#at(tableId)), guests: tableId === null ? null : this.#takeGuests(tableId) }
    const who = { waiter_id: by, waiter_name: NAMES[by]!, is_guest_order: by === 0, confirmed_at: by === 0 ? null : this.at }
    const money = { payment_status: 'UNPAID' as const, total_price: '0.00', tax_percent: '0', tax_included: '0.00' }
    const delivery = { delivery_address: null, delivery_notes: null }
    const times = { created_at: this.at, updated_at: this.at, version: 0 }
    const order = { id, number: id, status: 'PENDING', ...where, ...who, ...none, ...never, ...money, ...delivery, ...times, items: [] } as OrderWithItems
    this.orders.push(order)
    return order
  }

  #addItem(order: OrderWithItems, dish: Dish, size: number, waits: boolean): OrderItem {
    const what = { dish_id: dish.id, dish_variation_id: size, dish_name: `dish ${dish.id}`, variation_name: `size ${size}`, dish_image_url: null }
    const make = { dish_cooking_time: 15, dish_department: 'hot', department: 'hot', estimated_preparation_time: dish.id === 3 ? null : 15 }
    const never = { preparation_started_at: null, ready_at: null, served_at: null, actual_preparation_time: null, comment: null }
    const when = { sent_to_kitchen_at: waits ? null : this.at, created_at: this.at, updated_at: this.at }
    const rest = { quantity: 1, price: '1.00', total: '1.00', status: waits ? 'NEW' : 'IN_PREPARATION' }
    const item = { id: ++this.#ids, order_id: order.id, ...what, ...make, ...never, ...when, ...rest } as OrderItem
    order.items.push(item)
    return item
  }

  #takeOver(order: Order, by: number): void {
    if (order.waiter_id !== 0 || by === 0) return
    order.waiter_id = by
    order.waiter_name = NAMES[by]!
  }

  #step(order: OrderWithItems, item: OrderItem, to: ItemStatus, more: Record<string, unknown> = {}): void {
    const old_status = item.status
    item.status = to
    if (to !== 'CANCELLED') item.sent_to_kitchen_at ??= this.at
    if (to === 'IN_PREPARATION') item.ready_at = null
    if (to === 'READY') item.ready_at = this.at
    if (to === 'SERVED') {
      item.ready_at ??= this.at
      item.served_at = this.at
    }
    const from = item.preparation_started_at ?? item.sent_to_kitchen_at
    item.actual_preparation_time = from && item.ready_at ? Math.floor((Date.parse(item.ready_at) - Date.parse(from)) / 60_000) : null
    item.updated_at = this.at
    const { sent_to_kitchen_at, preparation_started_at, ready_at, served_at, updated_at } = item
    const moments = { sent_to_kitchen_at, preparation_started_at, ready_at, served_at, updated_at }
    this.#tellChange('item_status_changed', 'staff', order, { item_id: item.id, old_status, new_status: to, ...moments, ...more })
  }

  #follow(order: OrderWithItems): void {
    if (isClosed(order.status)) return
    const live = order.items.map(({ status }) => status).filter((status) => status !== 'CANCELLED')
    if (live.length === 0) return this.#setStatus(order, 'CANCELLED')
    if (['PENDING', 'IN_PROGRESS', 'READY'].includes(order.status)) {
      const isBegun = order.items.some((item) => item.status !== 'CANCELLED' && item.preparation_started_at) || live.includes('SERVED')
      const to = live.every((status) => status === 'SERVED') ? 'SERVED' : live.includes('READY') ? 'READY' : isBegun ? 'IN_PROGRESS' : 'PENDING'
      if (to !== order.status) this.#setStatus(order, to)
    }
    this.#settle(order)
  }

  #settle(order: OrderWithItems): void {
    if (this.#closing.has(order.id) && ['SERVED', 'DINING'].includes(order.status)) this.#setStatus(order, 'COMPLETED')
  }

  #setStatus(order: OrderWithItems, to: OrderStatus): void {
    const old = order.status
    order.status = to
    order.updated_at = this.at
    if (to === 'SERVED') order.served_at ??= this.at
    if (order.served_at) order.time_to_serve = Math.floor((Date.parse(order.served_at) - Date.parse(order.created_at)) / 60_000)
    this.#tellStatus(order, old)
    if (isClosed(to) && order.table_id && !this.#isAt(order.table_id)) this.#vacate(order.table_id)
  }

  #carry(from: OrderWithItems, to: OrderWithItems, items: OrderItem[]): void {
    from.items = from.items.filter((item) => !items.includes(item))
    for (const item of items) Object.assign(item, { order_id: to.id, updated_at: this.at })
    to.items = [...to.items, ...items].sort((a, b) => a.id - b.id)
    to.updated_at = this.at
    this.#takeOver(to, from.waiter_id)
    to.confirmed_at ??= from.confirmed_at ?? null
    this.#follow(to)
  }

  #vacate(tableId: number): void {
    this.#seated.delete(tableId)
    this.tables.find(({ id }) => id === tableId)!.updated_at = this.at
    this.#answerAll(tableId)
    this.#tellTable(tableId)
  }

  #answerAll(tableId: number): void {
    for (const call of this.calls.filter((one) => one.table_id === tableId)) this.answer(call)
  }

  #tellStatus(order: Order, old_status: OrderStatus): void {
    this.#tellChange('order_status_changed', 'staff', order, { old_status, new_status: order.status, updated_at: this.at })
    if (order.status === 'READY') this.#tell('order_ready', 'own', order, {})
  }

  #tellWhole(type: string, order: OrderWithItems, changed: OrderItem[]): void {
    const lineOf = ({ id, quantity, dish_id, dish_variation_id }: OrderItem): ChangedLine => ({
      id,
      quantity,
      one_size: this.isOneSize(dish_id, dish_variation_id),
    })
    order.version += 1
    this.#tell(type, 'staff', order, { lines: changed.map(lineOf) }, { order: structuredClone(order) })
  }

  #tellChange(type: string, audience: Audience, order: Order, details: Record<string, unknown>): void {
    order.version += 1
    this.#tell(type, audience, order, details)
  }

  #tell(type: string, audience: Audience, order: Order, details: Record<string, unknown>, more = {}): void {
    const { id, number, order_type, table_id, table_number, table_name, guests, waiter_id, status, version } = order
    const head = { order_id: id, number, order_type, table_id, table_number, table_name, guests, waiter_id, status, version }
    const data = { ...head, ...details }
    this.#emit({ type, order_id: id, status, data, ...more }, audience, waiter_id)
  }

  #tellTable(id: number, change = 'order_moved'): void {
    const { qr_code: _, created_at: __, id: ___, ...table } = this.listTables().find((one) => one.id === id)!
    this.#emit({ type: 'table_changed', data: { what: 'table', id, change, table } }, 'staff', 0)
  }

  #tellCall(type: string, { id, answered_at: _, ...call }: Call): void {
    this.#emit({ type, data: { call_id: id, ...call } }, 'staff', 0)
  }

  #emit(event: Omit<LiveEvent, 'seq' | 'timestamp'>, audience: Audience, waiterId: number): void {
    this.log.push({ event: { ...event, seq: this.log.length + 1, timestamp: this.at }, audience, waiterId })
  }
}
