// The menus of places where something costs something else, or other things are had: to take away, for delivery, in a
// room with prices of its own.

import type { Menu, Order, Table } from '../lib/types'
import type { Place } from './outbox.svelte'

/** By the room ("room 3") or the way of sale ("TAKEAWAY"). */
export type Menus = Record<string, Menu>
export type MenuQuery = { location_id?: number; channel?: 'TAKEAWAY' | 'DELIVERY' }

const AWAY = ['TAKEAWAY', 'DELIVERY'] as const
const ofRoom = (id: number): string => `room ${id}`

/** Reads the menus that differ from the one of tables, where there are some. */
export async function readOthers(menu: Menu, read: (query: MenuQuery) => Promise<Menu>): Promise<Menus> {
  const { channels = [], location_ids = [] } = menu.differs ?? {}
  const rooms = location_ids.map(async (id) => [ofRoom(id), await read({ location_id: id })] as const)
  const away = channels.length > 0 ? AWAY.map(async (channel) => [channel, await read({ channel })] as const) : []
  return Object.fromEntries(await Promise.all([...rooms, ...away]))
}

interface Floor {
  menu: Menu | null
  otherMenus: Menus
  tables: Pick<Table, 'id' | 'location_id'>[]
  orders: Pick<Order, 'id' | 'order_type' | 'table_id'>[]
}

/** The menu from which is ordered at a place. */
export function menuAt({ menu, otherMenus, tables, orders }: Floor, place: Place, isDelivery = false): Menu | null {
  const inRoom = (tableId: number | null | undefined) => {
    const room = tables.find(({ id }) => id === tableId)?.location_id
    return (room && otherMenus[ofRoom(room)]) || menu
  }
  if (place.at === 'table') return inRoom(place.tableId)
  if (place.at === 'takeaway') return otherMenus[isDelivery ? 'DELIVERY' : 'TAKEAWAY'] ?? menu
  const order = orders.find(({ id }) => id === place.orderId)
  if (!order || order.order_type === 'DINE_IN') return inRoom(order?.table_id)
  return otherMenus[order.order_type] ?? menu
}
