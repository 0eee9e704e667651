// Which columns of a report a table shows. Pure.

import type { Report } from './api'

/** What many restaurants never have: a column of nothing would only stand in the way. */
const RARE: ReadonlySet<string> = new Set([
  'covers',
  'per_cover',
  'net_sales',
  'tax',
  'discounts',
  'comps',
  'service',
  'fees',
  'removed',
  'tips',
])
const OF_ACCOUNTS: ReadonlySet<string> = new Set(['accounts_in', 'accounts_out'])

/** The columns that a table shows, each with its place in the report. */
export function shownColumns({ kind, columns, total }: Pick<Report, 'kind' | 'columns' | 'total'>) {
  const all = columns.map(({ key, unit }, place) => ({ key, unit, place }))
  const rare = kind === 'payment-methods' ? OF_ACCOUNTS : RARE
  if (kind !== 'days' && kind !== 'waiters' && kind !== 'payment-methods') return all
  // Where no tax is in it, what is left without it is the revenue once more.
  const tax = all.find(({ key }) => key === 'tax')?.place
  const isAny = (key: string, place: number) => {
    const asked = key === 'net_sales' ? (tax ?? place) : place
    return [total.values, total.before ?? []].some((cells) => Number(cells[asked] ?? 0) !== 0)
  }
  return all.filter(({ key, place }) => !rare.has(key) || isAny(key, place))
}
