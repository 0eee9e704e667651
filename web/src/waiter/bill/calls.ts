// The calls of the bill.

import { bearer } from '../../lib/client'
import { answered, patiently } from '../../lib/http'
import type { AdjustmentKind, Check, OrderChecks } from './check'

export interface Split {
  version: number
  check_id: number
  by: 'parts' | 'lines' | 'seats' | 'amount'
  parts?: number
  checks?: { item_id: number; quantity: string }[][]
  amount?: string
}

export interface AdjustmentRequest {
  kind: AdjustmentKind
  value?: string
  line_id?: number
  reason: string
  version: number
}

export interface PaymentRequest {
  method_id: number
  amount: string
  tendered?: string
  tip?: string
  expected_due: string
}

/** All that is left where neither a sum nor lines are named. */
export interface RefundRequest {
  amount?: string
  lines?: { item_id: number; quantity: string }[]
  tip?: string
  reason: string
}

export interface PaymentReply {
  id: number
  amount: string
  change: string
  tip: string
  state: string
  check: Check
}

export interface Refunded {
  id: number
  amount: string
  /** what is handed back in all, with the tip */
  returned: string
  check: Check
}

async function call<T>(token: string, method: string, path: string, key: string | null, body?: unknown): Promise<T> {
  const headers = {
    ...bearer(token).headers,
    ...(key ? { 'Idempotency-Key': key } : {}),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  }
  const request = new Request(new URL(path, location.origin), { method, headers, body: body === undefined ? null : JSON.stringify(body) })
  return answered<T>(
    patiently(request).then(async (response) => {
      const told: unknown = await response.json().catch(() => undefined)
      return response.ok ? { response, data: told as T } : { response, error: told }
    }),
  )
}

export const checks = {
  ofOrder: (token: string, id: number) => call<OrderChecks>(token, 'GET', `/orders/${id}/checks`, null),
  split: (token: string, key: string, id: number, body: Split) => call<OrderChecks>(token, 'POST', `/orders/${id}/split`, key, body),
  unsplit: (token: string, key: string, id: number, body: { version: number; check_ids: number[] }) =>
    call<OrderChecks>(token, 'POST', `/orders/${id}/unsplit`, key, body),
  adjust: (token: string, key: string, id: number, body: AdjustmentRequest) =>
    call<Check>(token, 'POST', `/checks/${id}/adjustments`, key, body),
  unadjust: (token: string, id: number, adjustment: number, version: number) =>
    call<Check>(token, 'DELETE', `/checks/${id}/adjustments/${adjustment}?version=${version}`, null),
  present: (token: string, key: string, id: number, version: number) =>
    call<Check>(token, 'POST', `/checks/${id}/present`, key, { version }),
  takeBack: (token: string, key: string, id: number, version: number, reason: string) =>
    call<Check>(token, 'POST', `/checks/${id}/take-back`, key, { version, reason }),
  pay: (token: string, key: string, id: number, body: PaymentRequest) =>
    call<PaymentReply>(token, 'POST', `/checks/${id}/payments`, key, body),
  refund: (token: string, key: string, paymentId: number, body: RefundRequest) =>
    call<Refunded>(token, 'POST', `/payments/${paymentId}/refunds`, key, body),
}
