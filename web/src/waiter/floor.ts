// From the box's lists to what a waiter sees: plates, their states, what is ready to serve. Pure: time is an argument.

import { toMinor } from '../lib/money'
import type { ToldLine } from '../lib/order-events'
import type { Call, ItemStatus, Measure, Order, OrderItem, Table } from '../lib/types'
import { nextCourse } from './courses'
import type { Entry, Place } from './outbox.svelte'

/** What a plate says, the most urgent thing first; the ones above "busy" want somebody. */
export const STATES = ['refused', 'unsent', 'ready', 'call', 'confirm', 'bill', 'course', 'late', 'busy', 'paid', 'seated', 'free'] as const
export type PlateState = (typeof STATES)[number]

export const SIGN: Record<PlateState, string> = {
  refused: '▲',
  unsent: '◐',
  ready: '✓',
  call: '◆',
  confirm: '◐',
  bill: '§',
  course: '▷',
  late: '▲',
  busy: '●',
  paid: '✓',
  seated: '○',
  free: '',
}

/** What a whole room wants most; null while it is calm. */
export function wantOf(plates: Plate[]): PlateState | null {
  const wanted = STATES.slice(0, STATES.indexOf('busy')).find((state) => plates.some((plate) => plate.state === state))
  return wanted ?? null
}

export interface Plate {
  key: string
  place: Place
  table: Table | null
  state: PlateState
  /** minutes since the oldest open order; null without one */
  minutes: number | null
  /** how long the latest dish is overdue, in minutes */
  late: number
  /** the course that is to be fired now; null where none is */
  next: number | null
  /** what is still to pay, minor units */
  total: number
  /** whose it is; "" when nobody's */
  waiter: string
  orders: Order[]
}

export interface Serving {
  key: string
  place: Place
  table: string | null
  orderNumber: number
  lines: ToldLine[]
  /** since when the first of them waits, ms */
  since: number
  /** somebody at this device has looked at all of them */
  isSeen: boolean
}

/** One word for a place: selection and drafts go by it. */
export function keyOf(place: Place): string {
  if (place.at === 'table') return `table:${place.tableId}`
  return place.at === 'order' ? `order:${place.orderId}` : 'takeaway'
}

export function placeOf(order: Order): Place {
  return order.table_id !== null && order.table_id !== undefined && order.order_type === 'DINE_IN'
    ? { at: 'table', tableId: order.table_id, name: order.table_name ?? '' }
    : { at: 'order', orderId: order.id, number: order.number }
}

/** How many dishes these lines are: what guests and waiters both count. What was weighed is one. */
export const portionsOf = (lines: { quantity: number; unit?: Measure | null | undefined }[]): number =>
  lines.reduce((sum, { quantity, unit }) => sum + (unit ? 1 : quantity), 0)

export const isCooking = (status: ItemStatus): boolean => status === 'SENT_TO_KITCHEN' || status === 'IN_PREPARATION'

/** When a line should be ready, ms; null where nobody said how long it takes. */
export function dueAt(item: OrderItem): number | null {
  if (!item.sent_to_kitchen_at || !item.estimated_preparation_time) return null
  return Date.parse(item.sent_to_kitchen_at) + item.estimated_preparation_time * 60_000
}

export const minutesBetween = (from: number, to: number): number => Math.max(0, Math.floor((to - from) / 60_000))

interface Known {
  orders: Order[]
  lines: ToldLine[]
  entries: Entry[]
  calls: Call[]
  /** digits after the point of the currency */
  digits: number
  now: number
}

export function plateOfTable(table: Table, known: Known): Plate {
  const place: Place = { at: 'table', tableId: table.id, name: table.name }
  const orders = known.orders.filter((order) => order.table_id === table.id && order.order_type === 'DINE_IN')
  return plate(place, table, orders, known)
}

/** Orders without a table: to take away and to bring, oldest first. */
export function platesWithoutTable(known: Known): Plate[] {
  return known.orders
    .filter((order) => placeOf(order).at === 'order')
    .sort((a, b) => a.id - b.id)
    .map((order) => plate(placeOf(order), null, [order], known))
}

function plate(place: Place, table: Table | null, orders: Order[], known: Known): Plate {
  const ids = new Set(orders.map((order) => order.id))
  const lines = known.lines.filter((line) => ids.has(line.order_id))
  const dues = lines.filter((line) => isCooking(line.status) && line.due_at).map((line) => Date.parse(line.due_at!))
  // From the first whole minute on: "0 minutes late" tells nobody anything.
  const late = dues.length > 0 ? minutesBetween(Math.min(...dues), known.now) : 0
  const since = Math.min(...orders.map((order) => Date.parse(order.created_at)))
  const next = nextCourse(lines)
  const unpaid = orders.filter((order) => order.payment_status === 'UNPAID')
  const key = keyOf(place)
  return {
    key,
    place,
    table,
    orders,
    state:
      ownState(known.entries, key) ??
      stateOf(lines, known.calls.filter((call) => call.table_id === table?.id), next !== null, late > 0) ??
      calmState(table, orders),
    minutes: orders.length > 0 ? minutesBetween(since, known.now) : null,
    late,
    next,
    total: unpaid.reduce((sum, order) => sum + toMinor(order.total_price, known.digits), 0),
    waiter: orders.find((order) => order.waiter_name)?.waiter_name ?? '',
  }
}

/** What this device itself has for the place. */
function ownState(entries: Entry[], key: string): PlateState | null {
  const mine = entries.filter(({ deed }) => deed.kind === 'order' && keyOf(deed.place) === key)
  if (mine.length === 0) return null
  return mine.some(({ refused }) => refused) ? 'refused' : 'unsent'
}

function stateOf(lines: ToldLine[], calls: Call[], hasNext: boolean, isLate: boolean): PlateState | null {
  const some = (status: ItemStatus): boolean => lines.some((line) => line.status === status)
  if (some('READY')) return 'ready'
  if (calls.some((call) => call.kind === 'waiter')) return 'call'
  if (some('NEW')) return 'confirm'
  if (calls.length > 0) return 'bill'
  if (hasNext) return 'course'
  return isLate ? 'late' : null
}

function calmState(table: Table | null, orders: Order[]): PlateState {
  if (orders.some((order) => order.payment_status === 'UNPAID')) return 'busy'
  if (orders.length > 0) return 'paid'
  return table?.is_occupied ? 'seated' : 'free'
}

/** What the kitchen has ready, one entry for each order: what nobody has seen first, then what waits longest. */
export function toServe(lines: ToldLine[], orders: Order[], seen: { has: (line: ToldLine) => boolean }): Serving[] {
  const known = new Map(orders.map((order) => [order.id, order]))
  const byOrder = new Map<number, ToldLine[]>()
  for (const line of lines) {
    if (line.status === 'READY') byOrder.set(line.order_id, [...(byOrder.get(line.order_id) ?? []), line])
  }
  return [...byOrder]
    .flatMap(([orderId, ready]): Serving[] => {
      const order = known.get(orderId)
      if (!order) return []
      const place = placeOf(order)
      const since = Math.min(...ready.map((line) => Date.parse(line.ready_at ?? line.created_at)))
      const table = order.table_name ?? null
      const isSeen = ready.every((line) => seen.has(line))
      return [{ key: keyOf(place), place, table, orderNumber: order.number, lines: ready, since, isSeen }]
    })
    .sort((a, b) => Number(a.isSeen) - Number(b.isSeen) || a.since - b.since)
}
