import { formatMoney } from './money'
import type { Restaurant } from './types'

/** Writes minor units as this restaurant writes its prices. */
export function moneyOf(restaurant: Restaurant | null): (minor: number) => string {
  const style = {
    currency: restaurant?.currency ?? 'RUB',
    digits: restaurant?.currency_digits ?? 2,
    locale: restaurant?.languages[0] ?? 'ru',
  }
  return (minor) => formatMoney(minor, style)
}
