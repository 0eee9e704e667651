// A check for tests: of 100, open, with nothing special about it.

import type { Check, Payment } from '../../lib/types'

const NONE = { subtotal: '0.00', discount: '0.00', service: '0.00', tax: '0.00', rounding: '0.00', tips: '0.00', refunded: '0.00' }
export const aCheck = (id: number, more: Partial<Check> = {}): Check => ({
  id, order_id: 5, number: id, state: 'OPEN', version: 1, guests: 0, lines: [], adjustments: [], taxes: [], payments: [],
  ...NONE, total: '100.00', paid: '0.00', due: '100.00', ...more,
})
export const aPayment = (id: number, more: Partial<Payment> = {}): Payment => ({
  id, is_refund: false, amount: '100.00', tip: '10.00', tip_to: 'STAFF', rounding: '0.00', state: 'TAKEN', method_kind: 'CARD', change: '0.00', created_at: '', ...more,
})
