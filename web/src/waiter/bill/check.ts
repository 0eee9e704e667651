// A check as the box tells it, and what a screen reads off it. Pure. Sums are strings there and minor units here.

import { toMinor } from '../../lib/money'
import type { Adjustment, Check, CheckLine, Payment, PaymentMethod } from '../../lib/types'
import { isInCoins, type CashBefore } from './cash'
import { inThousandths } from '../../lib/quantity'
import type { Splittable } from './shares'

export const isOver = ({ state }: Check): boolean => state === 'PAID' || state === 'CLOSED'
export const isNothing = ({ state }: Check): boolean => state === 'VOID' || state === 'REFUNDED'

/** Somebody has to find out whether it came. */
export const isUnclear = ({ state }: Payment): boolean => state === 'PENDING' || state === 'UNKNOWN'

/** Nothing was paid of it, nobody has it in their hands: it can be split, joined and adjusted. */
export const isUntouched = ({ state, payments }: Check): boolean =>
  state === 'OPEN' && payments.every((payment) => payment.state === 'FAILED' || payment.state === 'VOIDED')

/** Those that can become one again. */
export const joinable = (checks: Check[]): Check[] => checks.filter(isUntouched)

/** What is left of the whole order, minor units. */
export const leftOf = (checks: Check[], digits: number): number =>
  checks.filter((check) => !isNothing(check)).reduce((sum, { due }) => sum + toMinor(due, digits), 0)

/** The check to look at next: the one that is looked at, as long as something is due on it; then the first that waits. */
export function nextCheck(checks: Check[], current: number | null): Check | undefined {
  const waits = (check: Check): boolean => !isOver(check) && !isNothing(check)
  const same = checks.find(({ id }) => id === current)
  return same && waits(same) ? same : (checks.find(waits) ?? same ?? checks[0])
}

/** The first way that is cash, then the first of all. `wished`: what the guests have asked for. */
export function firstMethod(methods: PaymentMethod[], wished: number | null): PaymentMethod | undefined {
  return methods.find(({ id }) => id === wished) ?? methods.find(({ kind }) => kind === 'CASH') ?? methods[0]
}

/** The cash of a check that is rounded together with what comes next. */
export function cashBefore(check: Check, coin: number, digits: number): CashBefore {
  const before: CashBefore = { paid: 0, handed: 0 }
  for (const { is_refund, state, method_kind, amount, rounding } of check.payments) {
    if (is_refund || method_kind !== 'CASH' || state === 'FAILED' || state === 'VOIDED') continue
    const handed = toMinor(amount, digits) + toMinor(rounding, digits)
    if (!isInCoins(handed, coin)) continue
    before.paid += toMinor(amount, digits)
    before.handed += handed
  }
  return before
}

/** The lines of a check for the desk where it is split. */
export function splittable(check: Check, digits: number): Splittable[] {
  return check.lines.map(({ item_id, quantity, unit, total, seat, combo }) => ({
    itemId: item_id,
    quantity: inThousandths(quantity),
    unit,
    total: toMinor(total, digits),
    seat: seat ?? null,
    combo: combo?.id,
  }))
}

/** What was taken off this line alone. */
export const ofLine = (check: Check, line: CheckLine): Adjustment[] =>
  check.adjustments.filter(({ line_id }) => line_id === line.id)

/** Service and fees are put on; all else is taken off. */
export const isCharge = (kind: Adjustment['kind']): boolean => kind.startsWith('service') || kind.startsWith('fee')

/** What was taken off, or put on, the check as a whole. */
export const ofCheck = (check: Check): Adjustment[] => check.adjustments.filter(({ line_id }) => typeof line_id !== 'number')

/** What a line costs with what was taken off it alone, minor units. */
export const netOf = (check: Check, line: CheckLine, digits: number): number =>
  ofLine(check, line).reduce((sum, { amount }) => sum - toMinor(amount, digits), toMinor(line.gross, digits))

/** What went back of a payment before, minor units: of what it paid, or of its tip. */
function backOf(check: Check, payment: Payment, what: 'amount' | 'tip', digits: number): number {
  const refunds = check.payments.filter(({ refund_of, state }) => refund_of === payment.id && state === 'TAKEN')
  return refunds.reduce((sum, refund) => sum + toMinor(refund[what], digits), 0)
}

/** What can still be given back of a payment, or of its tip, minor units. */
export function refundable(check: Check, payment: Payment, what: 'amount' | 'tip', digits: number): number {
  if (payment.is_refund || payment.state !== 'TAKEN') return 0
  return toMinor(payment[what], digits) - backOf(check, payment, what, digits)
}
