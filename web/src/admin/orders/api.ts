import type { components } from '../../lib/api'
import { api, ask } from '../ask'
import type { Days } from '../figures/days'

type Schemas = components['schemas']
export type Order = Schemas['Order']
export type OrderWithDetails = Schemas['OrderWithDetails']
export type OrderHistory = Schemas['OrderHistory']
export type Check = Schemas['Check']
export type HistoryEntry = Schemas['HistoryEntry']

export type StateFilter = 'all' | 'open' | 'done' | 'cancelled'
export type Sort = 'newest' | 'oldest' | 'largest' | 'smallest'

export interface Wanted {
  state: StateFilter
  payment: 'all' | Order['payment_status']
  type: 'all' | Order['order_type']
  /** ids as texts; "" for any */
  waiter: string
  table: string
  /** a number, or a part of a name or telephone */
  search: string
  days: Days
  sort: Sort
  skip: number
}

/** Rows a page. */
export const PAGE = 50

const STATUSES: Record<StateFilter, Order['status'][]> = {
  all: [],
  open: ['PENDING', 'IN_PROGRESS', 'READY', 'SERVED', 'DINING'],
  done: ['COMPLETED'],
  cancelled: ['CANCELLED'],
}

/** The query of a list: what is not asked for is not named. */
export function queryOf(wanted: Wanted) {
  const search = wanted.search.trim()
  const isNumber = /^\d{1,4}$/.test(search)
  return {
    status: STATUSES[wanted.state],
    ...(wanted.payment === 'all' ? {} : { payment_status: [wanted.payment] }),
    ...(wanted.type === 'all' ? {} : { order_type: [wanted.type] }),
    ...(wanted.waiter ? { waiter_id: Number(wanted.waiter) } : {}),
    ...(wanted.table ? { table_id: Number(wanted.table) } : {}),
    ...(isNumber ? { number: Number(search) } : search ? { search } : {}),
    date_from: wanted.days.from,
    date_to: wanted.days.to,
    sort: wanted.sort,
    skip: wanted.skip,
    limit: PAGE,
  }
}

export const orders = (wanted: Wanted) => ask((as) => api.GET('/orders', { ...as, params: { query: queryOf(wanted) } }))

export const order = (order_id: number) =>
  ask((as) => api.GET('/orders/{order_id}', { ...as, params: { path: { order_id } } }))

export const history = (order_id: number) =>
  ask((as) => api.GET('/orders/{order_id}/history', { ...as, params: { path: { order_id } } }))

export const checks = (order_id: number) =>
  ask((as) => api.GET('/orders/{order_id}/checks', { ...as, params: { path: { order_id } } }))

export const refund = (order_id: number, reason: string, expected_total: string) =>
  ask((as) =>
    api.PATCH('/orders/{order_id}/payment', {
      ...as,
      params: { path: { order_id } },
      body: { payment_status: 'REFUNDED', reason, expected_total },
    }),
  )

export const cancel = (order_id: number, reason: string, expected_total: string) =>
  ask((as) =>
    api.DELETE('/orders/{order_id}', { ...as, params: { path: { order_id }, query: { reason, expected_total } } }),
  )

/** Who can be chosen as a waiter, and the tables by their numbers. */
export async function choices() {
  const [waiters, tables] = await Promise.all([
    ask((as) => api.GET('/users/waiters', { ...as, params: { query: {} } })),
    ask((as) => api.GET('/tables', { ...as, params: { query: { limit: 100 } } })),
  ])
  return { waiters: waiters.users, tables: tables.tables }
}
