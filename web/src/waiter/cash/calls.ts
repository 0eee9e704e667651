// The calls of the cash desk, from this tablet: at which drawer it stands the box knows.

import { api, atDevice, withApproval } from '../../lib/client'
import { answered } from '../../lib/http'
import type { CashCountRequest, CashPaperKind, CashMoveRequest, CashShiftCloseRequest } from '../../lib/types'

const keyed = (token: string, key: string, id: number, approval?: number) => ({
  ...atDevice(token),
  params: { path: { id }, header: { 'Idempotency-Key': key, ...withApproval(approval) } },
})
const of = (token: string, id: number) => ({ ...atDevice(token), params: { path: { id } } })

export const cash = {
  desk: (token: string) => answered(api.GET('/cash/desk', atDevice(token))),
  x: (token: string, id: number) => answered(api.GET('/cash/shifts/{id}/x', of(token, id))),
  z: (token: string, id: number) => answered(api.GET('/cash/shifts/{id}/z', of(token, id))),
  open: (token: string, key: string, drawer_id: number, float: string) =>
    answered(
      api.POST('/cash/shifts', {
        ...atDevice(token),
        params: { header: { 'Idempotency-Key': key } },
        body: { drawer_id, float },
      }),
    ),
  move: (token: string, key: string, id: number, body: CashMoveRequest, approval?: number) =>
    answered(api.POST('/cash/shifts/{id}/moves', { ...keyed(token, key, id, approval), body })),
  count: (token: string, key: string, id: number, body: CashCountRequest, approval?: number) =>
    answered(api.POST('/cash/shifts/{id}/count', { ...keyed(token, key, id, approval), body })),
  close: (token: string, key: string, id: number, body: CashShiftCloseRequest, approval?: number) =>
    answered(api.POST('/cash/shifts/{id}/close', { ...keyed(token, key, id, approval), body })),
  print: (token: string, key: string, id: number, what: CashPaperKind) =>
    answered(api.POST('/cash/shifts/{id}/print', { ...keyed(token, key, id), body: { what } })),
}
