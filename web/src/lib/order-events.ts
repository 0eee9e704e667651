// What an event of the feed tells of an order: the whole of it, or the step of one line. Pure, and shared by the screens
// that keep orders: they apply what is told instead of reading their lists again.

import type { LiveEvent } from './live'
import type { ItemStatus, KitchenItem, Order, OrderItem, OrderStatus, OrderWithItems } from './types'

/** A line as the kitchen's list has it, but for what only the menu knows. */
export type ToldLine = Omit<KitchenItem, 'one_size'>

/** One line has moved: where to, and the moments that the box has written with it. */
export interface Step extends Moments {
  itemId: number
  from: ItemStatus
  to: ItemStatus
  takenOn: Pick<Order, 'waiter_id' | 'waiter_name' | 'confirmed_at'> | null
}

type Moments = Required<
  Pick<OrderItem, 'sent_to_kitchen_at' | 'preparation_started_at' | 'ready_at' | 'served_at' | 'updated_at'>
>

const MINUTE = 60_000

/** Whole minutes from one moment to another, as the box counts them. */
export const minutesFrom = (from: string, to: string): number =>
  Math.floor(Math.max(0, Date.parse(to) - Date.parse(from)) / MINUTE)

export const isClosed = (status: OrderStatus): boolean => status === 'COMPLETED' || status === 'CANCELLED'

/** The whole order, where the event carries it. */
export function orderIn(event: LiveEvent): OrderWithItems | null {
  const order = event.order as OrderWithItems | undefined
  return order && Array.isArray(order.items) ? order : null
}

/** When anything of an order was last written. The box's moments are alike in length, so the later one is the greater. */
export function writtenAt(order: Order & { items?: OrderItem[] }): string {
  return (order.items ?? []).reduce((latest, { updated_at }) => (updated_at > latest ? updated_at : latest), order.updated_at)
}

/** The order's version after the event; 0 where none is told. */
export const versionIn = ({ data }: LiveEvent): number => (typeof data?.version === 'number' ? data.version : 0)

/** The order without its lines, as lists have it. */
export function headOf(order: OrderWithItems): Order {
  const { items: _, ...head } = order
  return head
}

export function stepIn({ data = {} }: LiveEvent): Step | null {
  const { item_id, old_status, new_status, updated_at, taken_on } = data
  if (typeof item_id !== 'number' || typeof new_status !== 'string') return null
  const moment = (name: keyof Moments): string | null => (data[name] as string | undefined) ?? null
  return {
    itemId: item_id,
    from: old_status as ItemStatus,
    to: new_status as ItemStatus,
    sent_to_kitchen_at: moment('sent_to_kitchen_at'),
    preparation_started_at: moment('preparation_started_at'),
    ready_at: moment('ready_at'),
    served_at: moment('served_at'),
    updated_at: updated_at as string,
    takenOn: (taken_on as Step['takenOn'] | undefined) ?? null,
  }
}

type Moving = Pick<OrderItem & KitchenItem, 'status' | 'sent_to_kitchen_at' | 'preparation_started_at' | 'ready_at'>

/** A line of the kitchen's list after a step. */
export function stepped<T extends Moving>(line: T, step: Step): T {
  const { to: status, sent_to_kitchen_at, preparation_started_at, ready_at } = step
  return { ...line, status, sent_to_kitchen_at, preparation_started_at, ready_at }
}

/** The same for a line of a bill, which says more. */
export function steppedItem(item: OrderItem, step: Step): OrderItem {
  const { served_at, updated_at } = step
  const now = { ...stepped(item, step), served_at, updated_at }
  const from = now.preparation_started_at ?? now.sent_to_kitchen_at
  return { ...now, actual_preparation_time: from && now.ready_at ? minutesFrom(from, now.ready_at) : null }
}

export function lineOf(order: Order, item: OrderItem): ToldLine {
  const { sent_to_kitchen_at: sent, estimated_preparation_time: minutes } = item
  return {
    id: item.id,
    order_id: order.id,
    order_number: order.number,
    order_type: order.order_type,
    table_number: order.table_number ?? null,
    table_name: order.table_name ?? null,
    guests: order.guests ?? null,
    waiter_name: order.waiter_name,
    is_guest_order: order.is_guest_order,
    order_notes: order.kitchen_notes ?? null,
    dish_id: item.dish_id,
    dish_variation_id: item.dish_variation_id,
    dish_name: item.dish_name,
    variation_name: item.variation_name,
    dish_image_url: item.dish_image_url ?? null,
    quantity: item.quantity,
    ...(item.unit && { unit: item.unit }),
    ...(item.course && { course: item.course }),
    comment: item.comment ?? null,
    ...(item.modifiers && { modifiers: item.modifiers }),
    status: item.status,
    department: item.department,
    estimated_preparation_time: minutes ?? null,
    sent_to_kitchen_at: sent ?? null,
    preparation_started_at: item.preparation_started_at ?? null,
    ready_at: item.ready_at ?? null,
    due_at: sent && typeof minutes === 'number' ? new Date(Date.parse(sent) + minutes * MINUTE).toISOString() : null,
    created_at: item.created_at,
  }
}

/** As the kitchen's list is sorted: what it was told first, first. */
export function byTime(a: ToldLine, b: ToldLine): number {
  const [at, bt] = [a.sent_to_kitchen_at ?? a.created_at, b.sent_to_kitchen_at ?? b.created_at]
  return at < bt ? -1 : at > bt ? 1 : a.id - b.id
}
