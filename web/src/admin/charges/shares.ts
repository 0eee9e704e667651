// The shares of the tips as they are typed, in hundredths of a percent where they are summed. Pure.

import type { Recipient, TipShare } from './api'

export const RECIPIENTS = ['WAITER', 'KITCHEN', 'CASHIER', 'HOST', 'MANAGER', 'HOUSE'] as const satisfies readonly Recipient[]

export type Typed = Record<Recipient, string>

export const asTyped = (shares: readonly TipShare[]): Typed =>
  Object.fromEntries(RECIPIENTS.map((who) => [who, shares.find(({ to }) => to === who)?.percent ?? ''])) as Typed

/** Hundredths of a percent; 0 where it is none. */
function hundredths(text: string): number {
  const plain = text.trim().replace(',', '.')
  return /^\d{1,3}(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : 0
}

const written = (hundredths: number): string => String(hundredths / 100)

export const sumOf = (typed: Typed): string =>
  written(RECIPIENTS.reduce((sum, who) => sum + hundredths(typed[who]), 0))

export const sharesOf = (typed: Typed): TipShare[] =>
  RECIPIENTS.filter((who) => hundredths(typed[who]) > 0).map((to) => ({ to, percent: written(hundredths(typed[to])) }))
