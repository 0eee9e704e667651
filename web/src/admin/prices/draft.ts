// What stands in the fields of a list's form, and the list that it makes. Pure.

import type { Channel, ListPrice, PriceList, PriceListDraft } from './api'

/** How a price is said in the form: `less` and `more` are percent. */
export type How = 'less' | 'more' | 'minus' | 'set'

export interface PriceRow {
  /** for the screen alone */
  key: number
  /** "ALL", or a scope and an id as in "DISH 7" */
  what: string
  how: How
  much: string
}

export interface Fields {
  name: string
  /** ids as a list gives them; empty is always, or any */
  period: string
  room: string
  channel: '' | Channel
  roundTo: string
  priority: string
  isActive: boolean
  rows: PriceRow[]
}

let nextKey = 1
export const newRow = (): PriceRow => ({ key: nextKey++, what: 'ALL', how: 'less', much: '' })

function rowOf({ scope, target_id, kind, amount, percent }: ListPrice): PriceRow {
  const what = target_id ? `${scope} ${target_id}` : scope
  const key = nextKey++
  if (kind !== 'PERCENT') return { key, what, how: kind === 'SET' ? 'set' : 'minus', much: amount ?? '' }
  const isLess = (percent ?? '').startsWith('-')
  return { key, what, how: isLess ? 'less' : 'more', much: (percent ?? '').replace('-', '') }
}

export function fieldsOf(list: PriceList | null): Fields {
  return {
    name: list?.name ?? '',
    period: list?.period_id ? String(list.period_id) : '',
    room: list?.location_id ? String(list.location_id) : '',
    channel: list?.channel ?? '',
    roundTo: list?.round_to ?? '',
    priority: list ? String(list.priority) : '0',
    isActive: list?.is_active ?? true,
    rows: list && list.prices.length > 0 ? list.prices.map(rowOf) : [newRow()],
  }
}

/** As the box reads numbers: "7,5" is 7.5. */
const plain = (text: string): string => text.trim().replaceAll(/\s/g, '').replace(',', '.')

function priceOf({ what, how, much }: PriceRow): ListPrice {
  const [scope, id] = what.split(' ') as [ListPrice['scope'], string | undefined]
  const target = id ? { target_id: Number(id) } : {}
  const said = plain(much)
  if (how === 'set' || how === 'minus') return { scope, ...target, kind: how === 'set' ? 'SET' : 'MINUS', amount: said }
  return { scope, ...target, kind: 'PERCENT', percent: how === 'less' && said ? `-${said}` : said }
}

export function listOf(fields: Fields): PriceListDraft {
  return {
    name: fields.name.trim(),
    period_id: fields.period ? Number(fields.period) : null,
    location_id: fields.room ? Number(fields.room) : null,
    channel: fields.channel || null,
    round_to: fields.roundTo ? plain(fields.roundTo) : null,
    priority: Number(fields.priority) || 0,
    is_active: fields.isActive,
    prices: fields.rows.map(priceOf),
  }
}
