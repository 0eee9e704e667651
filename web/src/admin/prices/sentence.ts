// Reads lists and periods back in words. Pure.

import type { ListPrice, Period, PriceList } from './api'
import type { PricesMessages } from './messages/ru'
import { keyOf } from './things'

/** What rooms and things of the menu are called, and how sums and days are written here. */
export interface Names {
  thing: (key: string) => string
  room: (id: number) => string
  period: (id: number) => string
  money: (amount: string) => string
  day: (day: string) => string
}

/** So many prices are read out; the others are counted. */
const READ_OUT = 2

const written = (percent: string): string => percent.replace(/^[+-]/, '')

export function priceSentence(price: ListPrice, w: PricesMessages, names: Names): string {
  const what = names.thing(keyOf(price))
  const { kind, amount, percent } = price
  if (kind === 'SET') return w.sentence.set(what, names.money(amount ?? '0'))
  if (kind === 'MINUS') return w.sentence.minus(what, names.money(amount ?? '0'))
  const isLess = (percent ?? '').startsWith('-')
  return w.sentence[isLess ? 'less' : 'more'](what, written(percent ?? '0'))
}

export function pricesSentence(prices: ListPrice[], w: PricesMessages, names: Names): string {
  const said = prices.slice(0, READ_OUT).map((price) => priceSentence(price, w, names))
  const others = prices.length - said.length
  return [...said, ...(others > 0 ? [w.sentence.others(others)] : [])].join('; ')
}

export function whenSentence(list: PriceList, w: PricesMessages, names: Names): string {
  return [
    list.period_id ? names.period(list.period_id) : w.always.toLowerCase(),
    list.location_id ? names.room(list.location_id) : '',
    list.channel ? w.channels[list.channel] : '',
  ]
    .filter(Boolean)
    .join(', ')
}

export function periodSentence(period: Period, w: PricesMessages, names: Pick<Names, 'day'>): string {
  const days = period.weekdays.length === 7 ? w.everyDay : period.weekdays.map((day) => w.days[day - 1]).join(', ')
  return [
    `${days} ${w.between(period.time_from, period.time_to)}`,
    period.date_from ? w.since(names.day(period.date_from)) : '',
    period.date_to ? w.until(names.day(period.date_to)) : '',
  ]
    .filter(Boolean)
    .join(', ')
}
