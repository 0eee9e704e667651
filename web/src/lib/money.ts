// Money travels as a decimal string ("650.00"); here it is a whole number of minor units, never a fraction.

import type { Restaurant } from './types'

/** "650.00" with 2 digits -> 65000. Throws on what is not such a string: a wrong price must not pass for 0. */
export function toMinor(text: string, digits: number): number {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  const fraction = match?.[3] ?? ''
  if (!match || fraction.length > digits) throw new RangeError(`not an amount with ${digits} digits: ${text}`)
  const minor = Number(match[2]! + fraction.padEnd(digits, '0'))
  return match[1] === '-' ? -minor : minor
}

/** 65000 with 2 digits -> "650.00": back into what the box reads. */
export function fromMinor(minor: number, digits: number): string {
  const text = String(Math.abs(minor)).padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  return (minor < 0 ? '-' : '') + (digits > 0 ? `${whole}.${text.slice(-digits)}` : whole)
}

/** What decides how a restaurant writes its prices. */
export type MoneyHouse = Pick<Restaurant, 'currency' | 'currency_digits' | 'languages'>

const formats = new Map<string, Intl.NumberFormat>()

function formatOf(house: MoneyHouse | null, fraction: number): Intl.NumberFormat {
  const locale = house?.languages[0] ?? 'ru'
  const currency = house?.currency ?? 'RUB'
  const key = `${locale} ${currency} ${fraction}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: fraction,
      maximumFractionDigits: fraction,
    })
    formats.set(key, format)
  }
  return format
}

/**
 * Writes minor units as on the restaurant's printed menu, whatever language the reader has chosen: 145000 -> "1 450 ₽".
 * The minor units are written only where there are some. The box does the same (src/menu/public_menu/price.rs).
 */
export function moneyOf(house: MoneyHouse | null): (minor: number) => string {
  const digits = house?.currency_digits ?? 2
  const unit = 10 ** digits
  return (minor) => formatOf(house, minor % unit === 0 ? 0 : digits).format(minor / unit)
}
