import type { FiscalDevice } from '../../lib/types'

type Rates = FiscalDevice['taxes']

/** Rates with their words, one a line. */
export const textOf = (rates: Rates): string => rates.map(({ percent, word }) => `${percent} ${word}`).join('\n')

/** What was written so; null where a line is something else. */
export function ratesOf(text: string): Rates | null {
  const rates: Rates = []
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    const found = /^(\d{1,3}(?:[.,]\d{1,2})?)\s*%?\s+([A-Za-z0-9]{1,20})$/.exec(line)
    if (!found) return null
    rates.push({ percent: found[1]!.replace(',', '.'), word: found[2]! })
  }
  return rates
}
