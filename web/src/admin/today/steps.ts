// What a new restaurant does before its first guest; each step is ticked by what the box already knows.

import { box } from '../../lib/client'
import { api, ask } from '../ask'
import type { SECTIONS } from '../sections'

type Section = (typeof SECTIONS)[number]['key']

export const STEPS = ['menu', 'tables', 'people', 'payments', 'tablets', 'order'] as const
export type Step = (typeof STEPS)[number]

/** Where each step is done; the test order is placed at the waiter's screen. */
export const SECTION_OF: Record<Step, Section | null> = {
  menu: 'menu',
  tables: 'rooms',
  people: 'staff',
  payments: 'payments',
  tablets: 'devices',
  order: null,
}

const one = { query: { skip: 0, limit: 1 } }

/** Which of them are done. */
export async function stepsDone(): Promise<Record<Step, boolean>> {
  const [menu, tables, people, methods, devices, orders] = await Promise.all([
    box.menu(),
    ask((as) => api.GET('/tables', { ...as, params: one })),
    ask((as) => api.GET('/users', { ...as, params: one })),
    ask((as) => api.GET('/payment-methods', { ...as, params: one })),
    ask((as) => api.GET('/devices', { ...as, params: one })),
    ask((as) => api.GET('/orders', { ...as, params: one })),
  ])
  return {
    menu: menu.categories.some((category) => category.dishes.length > 0),
    tables: tables.total > 0,
    people: people.total > 1,
    payments: methods.total > 0,
    tablets: devices.total > 0,
    order: orders.total > 0,
  }
}
