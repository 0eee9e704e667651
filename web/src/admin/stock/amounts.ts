// Amounts of goods as people type and read them. Pure.

import { parseAmount } from '../../lib/amount'

export type BaseUnit = 'g' | 'ml' | 'pc'

/** What stands in a field for an amount that is known. */
export const written = (amount: number, locale: string): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 3, useGrouping: false }).format(amount)

export interface UnitWords {
  units: Record<BaseUnit, string>
  large: Record<BaseUnit, string>
}

/** 1200 g -> "1,2 кг", 350 g -> "350 г", -3 pc -> "-3 шт". */
export function amountOf(amount: number, unit: BaseUnit, words: UnitWords, locale: string): string {
  const isLarge = unit !== 'pc' && Math.abs(amount) >= 1000
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(isLarge ? amount / 1000 : amount)
  return `${number}\u00a0${isLarge ? words.large[unit] : words.units[unit]}`
}

/** What is left after both losses; null where one of the three is not readable. */
export function outOf(gross: string, cold: string, hot: string): number | null {
  const [amount, first, second] = [parseAmount(gross), parseAmount(cold || '0'), parseAmount(hot || '0')]
  if (amount === null || first === null || second === null || first > 100 || second > 100) return null
  return Math.round(amount * (100 - first) * (100 - second) / 10) / 1000
}

/** Goods as they lie on the shelves of a place; those that have no shelf there come after, in their own order. */
export function inShelfOrder<T extends { id: number }>(goods: T[], shelves: number[]): T[] {
  const at = new Map(shelves.map((id, index) => [id, index]))
  const place = ({ id }: T): number => at.get(id) ?? shelves.length
  return [...goods].sort((a, b) => place(a) - place(b))
}
