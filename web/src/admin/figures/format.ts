// Figures as an owner reads them: money as the restaurant writes it, counts, minutes and percent in the person's language.

import { language } from '../../lib/i18n/language.svelte'
import { moneyOf, toMinor, type MoneyHouse } from '../../lib/money'
import { shortMoney } from '../../lib/short-money'

/** How a figure is to be read. */
export type Unit = 'money' | 'count' | 'measured' | 'minutes' | 'percent'

/** What the box writes in a cell: money as a text, all else as a number. */
export type Cell = string | number | null

/** A cell as a number that can be drawn and compared: money in minor units. */
export function valueOf(cell: Cell, house: MoneyHouse): number {
  return typeof cell === 'string' ? toMinor(cell, house.currency_digits) : (cell ?? 0)
}

/** A number of `valueOf` as people read it. */
export function told(value: number, unit: Unit, house: MoneyHouse): string {
  const locale = language.current
  const number = (digits: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits })
  switch (unit) {
    case 'money':
      return moneyOf(house)(value)
    case 'count':
      return number(0).format(value)
    case 'measured':
      return number(3).format(value)
    case 'minutes':
      return new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', maximumFractionDigits: 1 }).format(value)
    case 'percent':
      return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value / 100)
  }
}

/** A cell as people read it; a dash where nothing was measured. */
export const tell = (cell: Cell, unit: Unit, house: MoneyHouse): string =>
  cell === null ? '–' : told(valueOf(cell, house), unit, house)

/** An average as people say it, "1 733 ₽": pennies of an average tell nothing. Small sums keep them. */
export function about(cell: Cell, house: MoneyHouse): string {
  if (cell === null) return tell(cell, 'money', house)
  const [value, unit] = [valueOf(cell, house), 10 ** house.currency_digits]
  return told(Math.abs(value) < 100 * unit ? value : Math.round(value / unit) * unit, 'money', house)
}

/** The same without the last digits, for the marks of an axis: "120 тыс. ₽". */
export const shortly = (value: number, unit: Unit, house: MoneyHouse): string =>
  unit === 'money' ? shortMoney(value, house, language.current) : told(value, unit, house)

/** How much more or less than before, as a share of it: 0.12 is 12 % more. Nothing to say where there was nothing. */
export const change = (now: number, before: number): number | null =>
  before === 0 ? null : (now - before) / Math.abs(before)

/** "+12 %", "−3 %", "0 %". */
export const toldChange = (share: number): string =>
  new Intl.NumberFormat(language.current, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: Math.abs(share) < 0.1 ? 1 : 0,
  }).format(share)
