// A check as the box tells it, and what a screen reads off it. Pure. Sums are strings there and minor units here.

import { toMinor } from '../../lib/money'
import type { PaymentMethod } from '../../lib/types'
import { inThousandths, type Splittable } from './shares'

export type CheckState = 'OPEN' | 'PRESENTED' | 'PAID' | 'CLOSED' | 'VOID'
export type MethodKind = 'CASH' | 'CARD' | 'TRANSFER' | 'VOUCHER' | 'ACCOUNT'
export type Method = PaymentMethod & { kind?: MethodKind }
export type AdjustmentKind = 'percent' | 'amount' | 'comp' | 'service_percent'

export interface CheckLine {
  id: number
  item_id: number
  dish_name: string
  variation_name: string
  seat?: number | null
  quantity: number | string
  gross: string
  discount: string
  service: string
  tax: string
  total: string
}

export interface Adjustment {
  id: number
  kind: AdjustmentKind
  value?: string | null
  line_id?: number | null
  reason?: string | null
  amount: string
  user_id?: number | null
}

export interface CheckTax {
  percent: string
  is_added: boolean
  amount: string
}

export interface Payment {
  id: number
  is_refund: boolean
  refund_of?: number | null
  method?: string | null
  amount: string
  tip: string
  rounding: string
  state: 'PENDING' | 'TAKEN' | 'FAILED' | 'VOIDED' | 'UNKNOWN'
}

export interface Check {
  id: number
  number: number
  state: CheckState
  version: number
  guests: number
  lines: CheckLine[]
  adjustments: Adjustment[]
  taxes: CheckTax[]
  payments: Payment[]
  subtotal: string
  discount: string
  service: string
  tax: string
  rounding: string
  total: string
  paid: string
  due: string
  tips: string
  refunded: string
}

/** All checks of an order. */
export interface OrderChecks {
  /** of all of them together */
  version: number
  checks: Check[]
}

export const isOver = ({ state }: Check): boolean => state === 'PAID' || state === 'CLOSED'
export const isNothing = ({ state }: Check): boolean => state === 'VOID'

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
export function firstMethod(methods: Method[], wished: number | null): Method | undefined {
  return methods.find(({ id }) => id === wished) ?? methods.find(({ kind }) => kind === 'CASH') ?? methods[0]
}

/** The lines of a check for the desk where it is split. */
export function splittable(check: Check, digits: number): Splittable[] {
  return check.lines.map(({ item_id, quantity, total, seat }) => ({
    itemId: item_id,
    quantity: inThousandths(quantity),
    total: toMinor(total, digits),
    seat: seat ?? null,
  }))
}

/** What was taken off this line alone. */
export const ofLine = (check: Check, line: CheckLine): Adjustment[] =>
  check.adjustments.filter(({ line_id }) => line_id === line.id)

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
