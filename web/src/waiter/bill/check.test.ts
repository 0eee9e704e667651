import type { PaymentMethod } from '../../lib/types'
import { expect, test } from 'vitest'
import { cashBefore, firstMethod, isUntouched, leftOf, netOf, nextCheck, refundable } from './check'
import { aCheck, aPayment } from './check.fixture'

test('after a payment the next check that waits is looked at', () => {
  const paid = aCheck(1, { state: 'PAID', due: '0.00' })
  expect(nextCheck([paid, aCheck(2), aCheck(3)], 1)?.id).toBe(2)
  expect(nextCheck([paid, aCheck(2), aCheck(3)], 3)?.id).toBe(3)
  expect(nextCheck([paid], 1)?.id).toBe(1)
  expect(nextCheck([aCheck(1, { state: 'VOID' }), aCheck(2)], null)?.id).toBe(2)
  expect(nextCheck([], null)).toBeUndefined()
})

test('what is left at the table is that of all checks but those that were called off', () => {
  expect(leftOf([aCheck(1), aCheck(2, { due: '0.00' }), aCheck(3, { state: 'VOID' })], 2)).toBe(10_000)
})

test('a check is as it was until money was taken, or is on its way', () => {
  expect(isUntouched(aCheck(1))).toBe(true)
  expect(isUntouched(aCheck(1, { state: 'PRESENTED' }))).toBe(false)
  for (const state of ['TAKEN', 'PENDING', 'UNKNOWN'] as const) expect(isUntouched(aCheck(1, { payments: [aPayment(1, { state })] }))).toBe(false)
  expect(isUntouched(aCheck(1, { payments: [aPayment(1, { state: 'FAILED' })] }))).toBe(true)
})

test('cash stands ready, unless the guests have asked for another way', () => {
  const method = (id: number, kind: PaymentMethod['kind']) => ({ id, kind }) as PaymentMethod
  const methods = [method(1, 'CARD'), method(2, 'CASH'), method(3, 'TRANSFER')]
  expect(firstMethod(methods, null)?.id).toBe(2)
  expect(firstMethod(methods, 3)?.id).toBe(3)
  expect(firstMethod(methods, 9)?.id).toBe(2)
  expect(firstMethod([method(1, 'CARD')], null)?.id).toBe(1)
})

test('a line is shown with what was taken off it alone', () => {
  const line = { id: 7, item_id: 7, dish_name: '', variation_name: '', quantity: 1, price: '100.00', is_part: false, gross: '100.00', discount: '37.00', service: '0.00', tax: '0.00', total: '63.00' }
  const adjustments = [
    { id: 1, kind: 'percent' as const, value: '30', line_id: 7, amount: '30.00', translations: {}, created_at: '' },
    { id: 2, kind: 'percent' as const, value: '10', line_id: null, amount: '7.00', translations: {}, created_at: '' },
  ]
  expect(netOf(aCheck(1, { lines: [line], adjustments }), line, 2)).toBe(7_000)
})

test('only cash that was rounded is rounded together with the next', () => {
  const cash = (id: number, amount: string, rounding: string, more = {}) => aPayment(id, { amount, rounding, method_kind: 'CASH', ...more })
  const payments = [
    cash(1, '0.02', '-0.02'), cash(2, '0.03', '0.02'), cash(3, '0.02', '0.00'), aPayment(4, { amount: '5.01' }),
    cash(5, '1.00', '0.00', { state: 'VOIDED' }), cash(6, '1.00', '0.00', { is_refund: true, refund_of: 1 }),
  ]
  expect(cashBefore(aCheck(1, { payments }), 5, 2)).toEqual({ paid: 5, handed: 5 })
})

test('a check whose money went back is nothing to pay any more', () => {
  expect(nextCheck([aCheck(1, { state: 'REFUNDED', due: '0.00' }), aCheck(2)], 1)?.id).toBe(2)
})

test('no more goes back than was taken', () => {
  const one = aPayment(1)
  const back = [aPayment(2, { is_refund: true, refund_of: 1, amount: '30.00', tip: '4.00' }), aPayment(3, { is_refund: true, refund_of: 1, state: 'VOIDED' })]
  const check = aCheck(1, { payments: [one, ...back] })
  expect(refundable(check, one, 'amount', 2)).toBe(7_000)
  expect(refundable(check, one, 'tip', 2)).toBe(600)
  expect(refundable(check, back[0]!, 'amount', 2)).toBe(0)
  expect(refundable(check, aPayment(4, { state: 'PENDING' }), 'amount', 2)).toBe(0)
})
