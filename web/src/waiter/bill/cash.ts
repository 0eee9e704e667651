// Money at the table, as a waiter counts it: what a guest may hand over, change, tips. Pure; minor units everywhere.

/** What people hand over, in major units: notes, and coins where they are as good. */
const NOTES: Record<string, number[]> = {
  RUB: [10, 50, 100, 500, 1000, 2000, 5000],
  EUR: [1, 5, 10, 20, 50, 100, 200],
  USD: [1, 5, 10, 20, 50, 100],
  GBP: [1, 5, 10, 20, 50],
}

/** The currency's notes, or 1, 2 and 5 of each power of ten. */
function notesOf(currency: string, unit: number, about: number): number[] {
  const known = NOTES[currency]
  if (known) return known.map((note) => note * unit)
  const notes: number[] = []
  for (let ten = unit; ten <= about * 10; ten *= 10) notes.push(ten, ten * 2, ten * 5)
  return notes
}

/** How many sums are offered beside the exact one. */
const QUICK = 4
/** A sum this close to what is due (a part of it) is as good as exact: it only stands in the way. */
const TOO_CLOSE = 0.01

/** Round sums that a guest may hand over for what is due, the nearest first; the exact one is not among them. */
export function quickSums(due: number, currency: string, digits: number): number[] {
  if (due <= 0) return []
  const sums = notesOf(currency, 10 ** digits, due)
    .filter((note) => note >= due * TOO_CLOSE)
    .map((note) => Math.ceil(due / note) * note)
    .filter((sum) => sum > due)
  return [...new Set(sums)].sort((a, b) => a - b).slice(0, QUICK)
}

/** What was paid of a check in coins before, and what was handed over for it, minor units. */
export interface CashBefore {
  paid: number
  handed: number
}

/** Who paid exactly was not rounded, and rounds nobody else. */
export const isInCoins = (handed: number, coin: number): boolean => handed % coin === 0

/** A sum as it is paid in cash: to the nearest coin, halves up, rounded together with the cash before it. The smallest
    coin is the box's to say. */
export function inCash(amount: number, coin: number, before: CashBefore = { paid: 0, handed: 0 }): number {
  const together = Math.floor(((before.paid + amount) * 2 + coin) / (coin * 2)) * coin
  return Math.max(together - before.handed, 0)
}

/** So many percent of a sum, half up. */
export const percentOf = (amount: number, percent: number): number => Math.floor((amount * percent * 2 + 100) / 200)

/** A part of a sum, half up: what one of so many pays first. */
export const partOf = (amount: number, parts: number): number => Math.floor((amount * 2 + parts) / (parts * 2))

/** "12,5" -> "12.5", as the box reads percents; null for what is no percent of something, above 0 and up to 100. */
export function parsePercent(text: string): string | null {
  const match = /^(\d{1,3}(?:[.,]\d{1,2})?)$/.exec(text.trim().replace(/\s*%$/, ''))
  const percent = match?.[1]!.replace(',', '.')
  return percent && Number(percent) > 0 && Number(percent) <= 100 ? percent : null
}
