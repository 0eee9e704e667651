// The calls of the bill.

import { bearer } from '../../lib/client'
import { answered, patiently } from '../../lib/http'
import type { AdjustmentKind, Check } from './check'

export type Split =
  | { version: number; by: 'parts'; parts: number }
  | { version: number; by: 'lines'; checks: { item_id: number; quantity: string }[][] }
  | { version: number; by: 'seats' }
  | { version: number; by: 'amount'; amount: string }

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

export interface RefundRequest {
  amount?: string
  lines?: { item_id: number; quantity: string }[]
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

interface Checks {
  checks: Check[]
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
  ofOrder: (token: string, id: number) => call<Checks>(token, 'GET', `/orders/${id}/checks`, null),
  split: (token: string, key: string, id: number, body: Split) => call<Checks>(token, 'POST', `/orders/${id}/split`, key, body),
  unsplit: (token: string, key: string, id: number, version: number) =>
    call<Checks>(token, 'POST', `/orders/${id}/unsplit`, key, { version }),
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
    call<{ id: number; amount: string; state: string }>(token, 'POST', `/payments/${paymentId}/refunds`, key, body),
}
