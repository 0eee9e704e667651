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
/** Of restaurants that write down what their dishes take. */
const OF_COSTS: ReadonlySet<string> = new Set(['cost', 'margin', 'food_cost'])

/** Whose column says whether there is anything to tell. Where no tax is in it, what is left without it is the revenue
 *  once more. */
const ASKED: Record<string, string> = { net_sales: 'tax', margin: 'cost', food_cost: 'cost' }

function rareOf(kind: Report['kind']): ReadonlySet<string> {
  if (kind === 'payment-methods') return OF_ACCOUNTS
  return kind === 'days' || kind === 'waiters' ? new Set([...RARE, ...OF_COSTS]) : OF_COSTS
}

/** The columns that a table shows, each with its place in the report. */
export function shownColumns({ kind, columns, total }: Pick<Report, 'kind' | 'columns' | 'total'>) {
  const all = columns.map(({ key, unit }, place) => ({ key, unit, place }))
  const rare = rareOf(kind)
  const isAny = (key: string, place: number) => {
    const asked = all.find((one) => one.key === ASKED[key])?.place ?? place
    return [total.values, total.before ?? []].some((cells) => Number(cells[asked] ?? 0) !== 0)
  }
  return all.filter(({ key, place }) => !rare.has(key) || isAny(key, place))
}
