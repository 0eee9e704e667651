// What is weighed or poured out: how much it is, and what it costs. Pure.

import { inThousandths, PIECE, writtenQuantity } from './quantity'
import type { Measure, SaleUnit } from './types'

/** The most of a line, in thousandths: as the box has it. */
export const MOST_WEIGHED = 50 * PIECE

/** In what a line of it is measured; none of what is sold by the piece. */
export function measureOf(unit: SaleUnit | undefined): Measure | undefined {
  if (!unit || unit === 'piece') return undefined
  return unit === 'kg' || unit === '100g' ? 'kg' : 'l'
}

/** "0,350 кг" */
export const weighed = (quantity: number, unit: Measure, lang: string): string =>
  quantity.toLocaleString(lang, { style: 'unit', unit: unit === 'kg' ? 'kilogram' : 'liter', minimumFractionDigits: 3 })

/** " / 100 г" behind the price of what is weighed or poured out. */
export function per(unit: SaleUnit | undefined, lang: string): string {
  if (!unit || unit === 'piece') return ''
  const of = parseInt(unit) || 1
  const name = ({ kg: 'kilogram', l: 'liter', '100g': 'gram', '100ml': 'milliliter' } as const)[unit]
  return ' / ' + of.toLocaleString(lang, { style: 'unit', unit: name })
}

/** What a whole piece, kilogram or litre costs at a price of the menu (minor units). */
export const priceOfOne = (price: number, unit: SaleUnit | undefined): number =>
  unit === '100g' || unit === '100ml' ? price * 10 : price

/** What so much costs at a price of one: to the nearest minor unit, halves up, as the box reckons. */
export const costOf = (price: number, quantity: number): number =>
  Math.floor((price * inThousandths(quantity) + PIECE / 2) / PIECE)

/** As it stands on the paper: "2", "½", "0,350 кг". */
export const writtenAmount = (thousandths: number, unit: Measure | null | undefined, lang: string): string =>
  unit ? weighed(thousandths / PIECE, unit, lang) : writtenQuantity(thousandths, lang)

interface Some {
  quantity: number
  unit?: Measure | null
}

/** "2", "0,350 кг" */
export const amountOf = ({ quantity, unit }: Some, lang: string): string =>
  unit ? weighed(quantity, unit, lang) : String(quantity)

/** "2 × Борщ", "0,350 кг Шашлык" */
export const someOf = (some: Some, name: string, lang: string): string =>
  `${amountOf(some, lang)} ${some.unit ? '' : '× '}${name}`

/** "350" and "1 250" as grams or millilitres; null where that is nothing that can be ordered. */
export function parseGrams(text: string): number | null {
  const digits = text.replace(/\s/g, '')
  const grams = /^\d{1,5}$/.test(digits) ? Number(digits) : 0
  return grams > 0 && grams <= MOST_WEIGHED ? grams : null
}

/** "350 г", "350 мл" */
export const inGrams = (grams: number, unit: Measure, lang: string): string =>
  grams.toLocaleString(lang, { style: 'unit', unit: unit === 'kg' ? 'gram' : 'milliliter' })
