// Sums for the marks of an axis; apart from money.ts, since guests read none.

import { moneyOf, type MoneyHouse } from './money'

/** 12000000 -> "120 тыс. ₽": the number in the reader's language, the currency where the restaurant writes it. */
export function shortMoney(minor: number, house: MoneyHouse, lang: string): string {
  const short = new Intl.NumberFormat(lang, { notation: 'compact', maximumFractionDigits: 1 })
  return moneyOf(house)(0).replace('0', short.format(minor / 10 ** house.currency_digits))
}
