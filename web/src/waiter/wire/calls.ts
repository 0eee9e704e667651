// What the waiter's pad asks of payments over the wire. Loaded with the sheet.

import { api, atDevice, bearer, withApproval } from '../../lib/client'
import { answered } from '../../lib/http'
import type { PayAttemptRequest, PaySlip } from '../../lib/types'

const of = (token: string, id: number) => ({ ...bearer(token), params: { path: { id } } })

export const calls = {
  ofCheck: (token: string, check_id: number) =>
    answered(api.GET('/pay/checks/{check_id}', { ...bearer(token), params: { path: { check_id } } })),
  begin: (token: string, key: string, body: PayAttemptRequest, approval?: number) =>
    answered(
      api.POST('/pay/attempts', { ...atDevice(token), params: { header: { 'Idempotency-Key': key, ...withApproval(approval) } }, body }),
    ),
  read: (token: string, id: number) => answered(api.GET('/pay/attempts/{id}', of(token, id))),
  withdraw: (token: string, id: number) => answered(api.POST('/pay/attempts/{id}/withdraw', of(token, id))),
  say: (token: string, id: number, body: PaySlip) => answered(api.POST('/pay/attempts/{id}/say', { ...of(token, id), body })),
}
