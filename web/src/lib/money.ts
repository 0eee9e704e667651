// Money travels as a decimal string ("650.00"); here it is a whole number of minor units, never a fraction.

/** "650.00" with 2 digits -> 65000. Throws on what is not such a string: a wrong price must not pass for 0. */
export function toMinor(text: string, digits: number): number {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  const fraction = match?.[3] ?? ''
  if (!match || fraction.length > digits) throw new RangeError(`not an amount with ${digits} digits: ${text}`)
  const minor = Number(match[2]! + fraction.padEnd(digits, '0'))
  return match[1] === '-' ? -minor : minor
}

export interface MoneyStyle {
  /** ISO 4217, e.g. "RUB" */
  currency: string
  /** digits after the point that the currency has */
  digits: number
  /** the restaurant's main language: a price looks as on its printed menu, whatever the guest reads */
  locale: string
}

/** 145000 -> "1 450 ₽"; the minor units are written only where there are some. */
export function formatMoney(minor: number, style: MoneyStyle): string {
  const unit = 10 ** style.digits
  const digits = minor % unit === 0 ? 0 : style.digits
  return new Intl.NumberFormat(style.locale, {
    style: 'currency',
    currency: style.currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(minor / unit)
}
