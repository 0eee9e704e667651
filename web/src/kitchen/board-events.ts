// The kitchen's lines after an event: what the event carries is laid into them. Where it carries too little it says of
// which order, or that all lines are to be read. Pure.

import type { LiveEvent } from '../lib/live'
import { byTime, isClosed, lineOf, orderIn, stepIn, stepped } from '../lib/order-events'
import type { ItemStatus, KitchenItem, OrderWithItems } from '../lib/types'

export interface BoardAfter {
  items: KitchenItem[]
  /** an order of which the event tells too little; a later event may tell it whole */
  unsure?: number
  /** all lines are to be read */
  isLost?: boolean
}

/** They change nothing on the wall, or another event tells of the same. */
const IDLE = [
  'order_ready',
  'order_delayed',
  'payment_received',
  'table_called',
  'call_answered',
  'payment_methods_changed',
  'broadcast',
  'security_alert',
  'device_changed',
  'printers_changed',
]

/** `statuses`: of which lines the list is. */
export function boardAfter(items: KitchenItem[], event: LiveEvent, statuses: ItemStatus[]): BoardAfter {
  if (IDLE.includes(event.type) || isOfTableAlone(event)) return { items }
  const id = event.order_id
  if (!id) return { items, isLost: true }
  const whole = orderIn(event)
  if (whole) return withOrder(items, whole, event, statuses)
  switch (event.type) {
    case 'order_status_changed': {
      const isOver = isClosed(event.status as OrderWithItems['status'])
      return { items: isOver ? items.filter((item) => item.order_id !== id) : items }
    }
    case 'item_status_changed':
      return moved(items, event, statuses)
    default:
      return { items, unsure: id }
  }
}

/** Who sits at a table is nothing to the kitchen; what it is called is. */
function isOfTableAlone({ type, data }: LiveEvent): boolean {
  return type === 'table_changed' && data?.what === 'table' && data.change !== 'changed'
}

function withOrder(items: KitchenItem[], order: OrderWithItems, { data }: LiveEvent, statuses: ItemStatus[]): BoardAfter {
  const here = new Set(order.items.map((item) => item.id))
  const rest = items.filter((item) => item.order_id !== order.id && !here.has(item.id))
  if (isClosed(order.status)) return { items: rest }
  const known = new Map(items.map((item) => [`${item.dish_id}.${item.dish_variation_id}`, item.one_size]))
  const told = new Map(((data?.lines ?? []) as { id: number; one_size: boolean }[]).map((line) => [line.id, line.one_size]))
  const lines: KitchenItem[] = []
  for (const item of order.items.filter(({ status }) => statuses.includes(status))) {
    const one_size = told.get(item.id) ?? known.get(`${item.dish_id}.${item.dish_variation_id}`)
    if (one_size === undefined) return { items, unsure: order.id }
    lines.push({ ...lineOf(order, item), one_size })
  }
  return { items: [...rest, ...lines].sort(byTime) }
}

function moved(items: KitchenItem[], event: LiveEvent, statuses: ItemStatus[]): BoardAfter {
  const step = stepIn(event)
  const id = event.order_id!
  if (!step) return { items, unsure: id }
  const item = items.find((one) => one.id === step.itemId)
  const stays = statuses.includes(step.to)
  if (!item) return stays ? { items, unsure: id } : { items }
  const isSame = item.order_id === id && (item.table_name ?? null) === (event.data?.table_name ?? null)
  if (!isSame) return { items, unsure: id }
  if (!stays) return { items: items.filter((one) => one !== item) }
  return { items: items.map((one) => (one === item ? stepped(item, step) : one)) }
}
