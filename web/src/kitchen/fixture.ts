// Kitchen items for the unit tests of this folder.

import type { KitchenItem } from '../lib/types'

export const START = Date.parse('2026-03-01T16:00:00Z')
export const at = (minutes: number): string => new Date(START + minutes * 60_000).toISOString()

export function item(id: number, orderId: number, more: Partial<KitchenItem> = {}): KitchenItem {
  return {
    id,
    dish_id: id,
    dish_variation_id: id,
    order_id: orderId,
    order_number: orderId + 80,
    order_type: 'DINE_IN',
    table_number: orderId,
    table_name: `${orderId}`,
    dish_name: `dish ${id}`,
    variation_name: '',
    one_size: false,
    quantity: 1,
    comment: null,
    order_notes: null,
    status: 'IN_PREPARATION',
    department: 'hot',
    waiter_name: 'Анна',
    is_guest_order: false,
    due_at: at(15),
    sent_to_kitchen_at: at(0),
    ready_at: null,
    created_at: at(0),
    ...more,
  }
}
