// The calls of the bill. Apart from lib/client.ts, so that screens which take no money load none of them.

import { api, atDevice, bearer, withApproval } from '../../lib/client'
import { answered } from '../../lib/http'
import type { AdjustmentRequest, CheckMoves, CheckUpdate, Join, PaymentClear, PaymentRequest, RefundRequest, Split } from '../../lib/types'

/** More are found by another letter. */
const MOST_ACCOUNTS = 6

const ofOrder = (token: string, key: string, order_id: number) => ({
  ...bearer(token),
  params: { path: { order_id }, header: { 'Idempotency-Key': key } },
})
const ofCheck = (token: string, key: string, check_id: number, approval?: number) => ({
  ...atDevice(token),
  params: { path: { check_id }, header: { 'Idempotency-Key': key, ...withApproval(approval) } },
})
const ofPayment = (token: string, key: string, payment_id: number, approval?: number) => ({
  ...atDevice(token),
  params: { path: { payment_id }, header: { 'Idempotency-Key': key, ...withApproval(approval) } },
})

/** How guests say that they will pay, where the receipt comes first. */
export type Pays = 'CASH' | 'ELECTRONIC'

export const checks = {
  ofOrder: (token: string, order_id: number) =>
    answered(api.GET('/orders/{order_id}/checks', { ...bearer(token), params: { path: { order_id } } })),
  /** Accounts that can pay, by a part of the name or the telephone. */
  accounts: async (token: string, search: string) => {
    const query = { skip: 0, limit: MOST_ACCOUNTS, is_active: true, ...(search ? { search } : {}) }
    return (await answered(api.GET('/house-accounts', { ...bearer(token), params: { query } }))).accounts
  },
  /** ways to pay over the wire, and whether each can be taken now */
  ways: (token: string) => answered(api.GET('/pay/ways', bearer(token))),
  split: (token: string, key: string, id: number, body: Split) =>
    answered(api.POST('/orders/{order_id}/split', { ...ofOrder(token, key, id), body })),
  unsplit: (token: string, key: string, id: number, body: Join) =>
    answered(api.POST('/orders/{order_id}/unsplit', { ...ofOrder(token, key, id), body })),
  move: (token: string, key: string, id: number, body: CheckMoves) =>
    answered(api.POST('/orders/{order_id}/checks/move', { ...ofOrder(token, key, id), body })),
  adjust: (token: string, key: string, id: number, body: AdjustmentRequest, approval?: number) =>
    answered(api.POST('/checks/{check_id}/adjustments', { ...ofCheck(token, key, id, approval), body })),
  unadjust: (token: string, check_id: number, id: number, version: number, reason?: string, approval?: number) =>
    answered(
      api.DELETE('/checks/{check_id}/adjustments/{id}', {
        ...bearer(token),
        params: { path: { check_id, id }, query: { version, ...(reason && { reason }) }, header: withApproval(approval) },
      }),
    ),
  describe: (token: string, check_id: number, body: CheckUpdate) =>
    answered(api.PATCH('/checks/{check_id}', { ...bearer(token), params: { path: { check_id } }, body })),
  present: (token: string, key: string, id: number, version: number, pays?: Pays) =>
    answered(api.POST('/checks/{check_id}/present', { ...ofCheck(token, key, id), body: { version, ...(pays && { pays }) } })),
  /** where a check's receipt is */
  fiscal: (token: string, check_id: number) =>
    answered(api.GET('/fiscal/checks/{check_id}', { ...bearer(token), params: { path: { check_id } } })),
  takeBack: (token: string, key: string, id: number, version: number, reason: string, approval?: number) =>
    answered(api.POST('/checks/{check_id}/take-back', { ...ofCheck(token, key, id, approval), body: { version, reason } })),
  reopen: (token: string, key: string, id: number, version: number, reason: string, approval?: number) =>
    answered(api.POST('/checks/{check_id}/reopen', { ...ofCheck(token, key, id, approval), body: { version, reason } })),
  pay: (token: string, key: string, id: number, body: PaymentRequest, approval?: number) =>
    answered(api.POST('/checks/{check_id}/payments', { ...ofCheck(token, key, id, approval), body })),
  refund: (token: string, key: string, id: number, body: RefundRequest, approval?: number) =>
    answered(api.POST('/payments/{payment_id}/refunds', { ...ofPayment(token, key, id, approval), body })),
  clear: (token: string, key: string, id: number, body: PaymentClear, approval?: number) =>
    answered(api.POST('/payments/{payment_id}/clear', { ...ofPayment(token, key, id, approval), body })),
}
