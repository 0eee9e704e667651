// Figures as an owner reads them: money, counts, minutes and percent in the person's language. Pure but for the language.

import { language } from '../../lib/i18n/language.svelte'
import { formatMoney, toMinor } from '../../lib/money'
import type { Restaurant } from '../../lib/types'

/** How a figure is to be read. */
export type Unit = 'money' | 'count' | 'minutes' | 'percent'

/** What the box writes in a cell: money as a text, all else as a number. */
export type Cell = string | number | null

type House = Pick<Restaurant, 'currency' | 'currency_digits'>

/** A cell as a number that can be drawn and compared: money in minor units. */
export function valueOf(cell: Cell, house: House): number {
  return typeof cell === 'string' ? toMinor(cell, house.currency_digits) : (cell ?? 0)
}

/** A number of `valueOf` as people read it. */
export function told(value: number, unit: Unit, house: House): string {
  const locale = language.current
  const number = (digits: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits })
  switch (unit) {
    case 'money':
      return formatMoney(value, { currency: house.currency, digits: house.currency_digits, locale })
    case 'count':
      return number(0).format(value)
    case 'minutes':
      return new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', maximumFractionDigits: 1 }).format(value)
    case 'percent':
      return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value / 100)
  }
}

/** A cell as people read it; a dash where nothing was measured. */
export const tell = (cell: Cell, unit: Unit, house: House): string =>
  cell === null ? '–' : told(valueOf(cell, house), unit, house)

/** The same without the last digits, for the marks of an axis: "120 тыс. ₽". */
export function shortly(value: number, unit: Unit, house: House): string {
  if (unit !== 'money') return told(value, unit, house)
  return new Intl.NumberFormat(language.current, {
    style: 'currency',
    currency: house.currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  }).format(value / 10 ** house.currency_digits)
}

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
