// A check as the box tells it, and what a screen reads off it. Pure. Sums are strings there and minor units here.

import { toMinor } from '../../lib/money'
import type { OrderItem, PaymentMethod } from '../../lib/types'
import { inThousandths, type Splittable } from './shares'

export type CheckState = 'OPEN' | 'PRESENTED' | 'PAID' | 'CLOSED' | 'VOID'
export type MethodKind = 'CASH' | 'CARD' | 'TRANSFER' | 'VOUCHER' | 'ACCOUNT'
export type Method = PaymentMethod & { kind?: MethodKind }
export type AdjustmentKind = 'percent' | 'amount' | 'comp' | 'service_percent'

export interface CheckLine {
  id: number
  item_id: number
  quantity: string
  gross: string
  discount: string
  service: string
  tax: string
  total: string
}

export interface Adjustment {
  id: number
  kind: AdjustmentKind
  value: string | null
  line_id: number | null
  reason: string | null
  amount: string
  by_name?: string | null
}

export interface Payment {
  id: number
  method_id: number
  method_name: string
  amount: string
  tip: string
  state: 'PENDING' | 'TAKEN' | 'FAILED' | 'VOIDED' | 'UNKNOWN'
  refunded: string
}

export interface Check {
  id: number
  number: number
  state: CheckState
  version: number
  lines: CheckLine[]
  adjustments: Adjustment[]
  payments?: Payment[]
  subtotal: string
  discount: string
  service: string
  tax: string
  rounding: string
  total: string
  paid: string
  due: string
  tips: string
}

export const isOver = ({ state }: Check): boolean => state === 'PAID' || state === 'CLOSED'
export const isNothing = ({ state }: Check): boolean => state === 'VOID'

/** Nothing was paid of any of them: they can be joined, and each can be split. */
export const areUntouched = (checks: Check[]): boolean => checks.every(({ state, paid }) => state === 'OPEN' && Number(paid) === 0)

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
export function splittable(check: Check, items: OrderItem[], digits: number): Splittable[] {
  const seats = new Map(items.map((item) => [item.id, (item as { seat?: number | null }).seat ?? null]))
  return check.lines.map(({ item_id, quantity, total }) => ({
    itemId: item_id,
    quantity: inThousandths(quantity),
    total: toMinor(total, digits),
    seat: seats.get(item_id) ?? null,
  }))
}

/** What was taken off this line alone. */
export const ofLine = (check: Check, line: CheckLine): Adjustment[] =>
  check.adjustments.filter(({ line_id }) => line_id === line.id)

/** What was taken off, or put on, the check as a whole. */
export const ofCheck = (check: Check): Adjustment[] => check.adjustments.filter(({ line_id }) => line_id === null)

/** What can still be given back of a payment, minor units. */
export const refundable = ({ state, amount, refunded }: Payment, digits: number): number =>
  state === 'TAKEN' ? toMinor(amount, digits) - toMinor(refunded, digits) : 0
