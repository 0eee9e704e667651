// What a guest pays. Pure; minor units.

import type { GuestAttempt } from '../../lib/types'

export type Stage = 'choose' | 'working' | 'pay' | 'paid' | 'failed' | 'over'

const STAGES: Record<GuestAttempt['state'], Stage> = {
  CREATED: 'working',
  SENT: 'working',
  AWAITING: 'pay',
  PAID: 'paid',
  FAILED: 'failed',
  VOID: 'failed',
  EXPIRED: 'over',
  LATE: 'over',
}

/** What the page shows of a payment. */
export const stageOf = (attempt: GuestAttempt | null): Stage => (attempt ? STAGES[attempt.state] : 'choose')

/** One of so many equal parts, never more than is left. */
export const equalPart = (total: number, people: number, due: number): number => Math.min(Math.ceil(total / people), due)

/** A tip in percent, to whole units where the currency has any. */
export function tipOf(amount: number, percent: number, digits: number): number {
  const unit = 10 ** digits
  const tip = (amount * percent) / 100
  return tip < unit ? Math.round(tip) : Math.round(tip / unit) * unit
}
