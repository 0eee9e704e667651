// The calls of the staff's pages. A guest's phone has its own in guest/box.ts, so that it loads none of these.

import createClient from 'openapi-fetch'
import type { paths } from './api'
import { pairedDevice } from './device'
import { answered, patiently } from './http'
import type {
  ApprovalRequest,
  DeliveryRequest,
  ItemStatus,
  ItemToMove,
  KitchenStep,
  OrderItemChanges,
  OrderItemRequest,
  OrderRequest,
  OrderStatus,
  Permission,
} from './types'

export { Refusal, answered, type Reply } from './http'

/** Lists come in pages; the box gives at most 100 rows at once. */
export interface Page {
  skip: number
  limit: number
}

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? 'http://box', fetch: patiently })

export const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })

/** What a paired tablet sends along, so that the box knows it. */
const fromDevice = () => {
  const device = pairedDevice()
  return device ? { headers: { 'X-Device': device.token } } : {}
}

/** As somebody who is signed in, at this tablet: the box knows at which drawer it stands. */
export const atDevice = (token: string) => ({ headers: { ...bearer(token).headers, ...fromDevice().headers } })

/** The approval with which something is done, where it needs one. */
export const withApproval = (approval?: number) => (approval === undefined ? {} : { 'X-Approval': approval })

interface ApproversOf {
  permission: Permission
  amount: string
  order_id: number | null
  method_id: number | null
  account_id: number | null
  /** the cash shift that it is about */
  shift_id: number | null
}

/** Only what there is: a query has no null. */
const known = (of: Record<string, number | null>): Record<string, number> =>
  Object.fromEntries(Object.entries(of).filter((one): one is [string, number] => one[1] !== null))

export const box = {
  trust: () => answered(api.GET('/trust/state')),
  restaurant: () => answered(api.GET('/restaurant')),
  /** Of tables, or of a room or a way of sale that has prices of its own; to staff with barcodes. */
  menu: (query: { location_id?: number; channel?: 'TAKEAWAY' | 'DELIVERY' } = {}, token?: string) =>
    answered(api.GET('/dishes/menu', { ...(token ? bearer(token) : {}), params: { query } })),

  kitchenStaff: () => answered(api.GET('/users/kitchen', { ...fromDevice(), params: { query: { is_active: true } } })),
  /** `code`: of the second factor, where the box has asked for one */
  signIn: (username: string, password: string, code: string | null = null) =>
    answered(api.POST('/auth/login', { ...fromDevice(), body: { username, password, code } })),
  signInByPin: (username: string, pin_code: string, code: string | null = null) =>
    answered(api.POST('/auth/login/pin', { ...fromDevice(), body: { username, pin_code, code } })),
  thisDevice: () => answered(api.GET('/devices/this', fromDevice())),
  pairDevice: (code: string, name: string) => answered(api.POST('/devices/pair', { body: { code, name } })),
  signOut: (token: string) => answered(api.POST('/auth/logout', bearer(token))),
  me: (token: string) => answered(api.GET('/auth/me', bearer(token))),
  /** Lines in these statuses, in what the kitchen works on when none is named. */
  kitchenItems: (token: string, statuses?: ItemStatus[]) =>
    answered(
      api.GET('/kitchen/dishes', { ...bearer(token), params: { query: statuses ? { status_filter: statuses } : {} } }),
    ),
  setItemStatus: (token: string, item_id: number, status: ItemStatus) =>
    answered(
      api.PATCH('/kitchen/items/{item_id}/status', { ...bearer(token), params: { path: { item_id } }, body: { status } }),
    ),
  /** The kitchen's step over lines of an order; sent twice it happens once. */
  takeStep: (token: string, order_id: number, item_ids: number[], step: KitchenStep) => {
    const call = { ...bearer(token), params: { path: { order_id } }, body: { item_ids } }
    return answered(
      step === 'START' ? api.POST('/kitchen/orders/{order_id}/start', call) : api.POST('/kitchen/orders/{order_id}/ready', call),
    )
  },
  takeStepBack: (token: string, order_id: number, item_ids: number[], step: KitchenStep) =>
    answered(
      api.POST('/kitchen/orders/{order_id}/undo', { ...bearer(token), params: { path: { order_id } }, body: { step, item_ids } }),
    ),
  soldOut: (token: string) => answered(api.GET('/dishes/sold-out', bearer(token))),
  offerDish: (token: string, id: number, is_available: boolean) =>
    answered(api.PATCH('/dishes/{id}/availability', { ...bearer(token), params: { path: { id } }, body: { is_available } })),
  modifierGroups: (token: string, skip: number) =>
    answered(api.GET('/modifier-groups', { ...bearer(token), params: { query: { skip, limit: 100 } } })),
  offerOption: (token: string, group_id: number, id: number, is_available: boolean) =>
    answered(
      api.PATCH('/modifier-groups/{group_id}/options/{id}/availability', {
        ...bearer(token),
        params: { path: { group_id, id } },
        body: { is_available },
      }),
    ),
  offerVariation: (token: string, dish_id: number, id: number, is_available: boolean) =>
    answered(
      api.PATCH('/dishes/{dish_id}/variations/{id}/availability', {
        ...bearer(token),
        params: { path: { dish_id, id } },
        body: { is_available },
      }),
    ),
  stopList: (token: string) => answered(api.GET('/stop-list', bearer(token))),
  /** So many portions of a size are left; null: nobody counts them. */
  countPortions: (token: string, variation_id: number, left: number | null) =>
    answered(api.PUT('/stop-list/{variation_id}', { ...bearer(token), params: { path: { variation_id } }, body: { left } })),

  waiters: () => answered(api.GET('/users/waiters', { ...fromDevice(), params: { query: { is_active: true } } })),
  rooms: (token: string, page: Page) =>
    answered(api.GET('/locations', { ...bearer(token), params: { query: { is_active: true, ...page } } })),
  tables: (token: string, page: Page) =>
    answered(api.GET('/tables', { ...bearer(token), params: { query: { is_active: true, ...page } } })),
  orders: (token: string, status: OrderStatus[], page: Page) =>
    answered(api.GET('/orders', { ...bearer(token), params: { query: { status, ...page } } })),
  ordersAtTable: (token: string, table_id: number) =>
    answered(api.GET('/orders/active/table/{table_id}', { ...bearer(token), params: { path: { table_id } } })),
  order: (token: string, order_id: number) =>
    answered(api.GET('/orders/{order_id}', { ...bearer(token), params: { path: { order_id } } })),
  placeOrder: (token: string, key: string, body: OrderRequest) =>
    answered(api.POST('/orders', { ...bearer(token), params: { header: { 'Idempotency-Key': key } }, body })),
  addToOrder: (token: string, key: string, order_id: number, body: OrderItemRequest[]) =>
    answered(
      api.POST('/kitchen/orders/{order_id}/items', {
        ...bearer(token),
        params: { path: { order_id }, header: { 'Idempotency-Key': key } },
        body,
      }),
    ),
  confirmItems: (token: string, order_id: number, items: number[]) =>
    answered(
      api.POST('/kitchen/orders/{order_id}/send-to-kitchen', {
        ...bearer(token),
        params: { path: { order_id } },
        body: items,
      }),
    ),
  /** Fires a course of an order, or holds it again; sent twice it happens once. */
  stepCourse: (token: string, key: string, order_id: number, course: number, step: 'fire' | 'hold', item_ids: number[]) => {
    const params = { path: { order_id, course }, header: { 'Idempotency-Key': key } }
    const call = { ...bearer(token), params, body: { item_ids } }
    return answered(
      step === 'fire'
        ? api.POST('/orders/{order_id}/courses/{course}/fire', call)
        : api.POST('/orders/{order_id}/courses/{course}/hold', call),
    )
  },
  changeItem: (token: string, key: string, order_id: number, item_id: number, body: OrderItemChanges, approval?: number) =>
    answered(
      api.PATCH('/orders/{order_id}/items/{item_id}', {
        ...bearer(token),
        params: { path: { order_id, item_id }, header: { 'Idempotency-Key': key, ...withApproval(approval) } },
        body,
      }),
    ),
  moveOrder: (token: string, key: string, order_id: number, table_id: number, approval?: number) =>
    answered(
      api.POST('/orders/{order_id}/move', {
        ...bearer(token),
        params: { path: { order_id }, header: { 'Idempotency-Key': key, ...withApproval(approval) } },
        body: { table_id },
      }),
    ),
  moveItems: (token: string, key: string, order_id: number, table_id: number, items: ItemToMove[], approval?: number) =>
    answered(
      api.POST('/orders/{order_id}/items/move', {
        ...bearer(token),
        params: { path: { order_id }, header: { 'Idempotency-Key': key, ...withApproval(approval) } },
        body: { table_id, items },
      }),
    ),
  placeDelivery: (token: string, key: string, body: DeliveryRequest) =>
    answered(api.POST('/orders/delivery', { ...bearer(token), params: { header: { 'Idempotency-Key': key } }, body })),
  calls: (token: string) => answered(api.GET('/calls', bearer(token))),
  /** money of which somebody has to find out whether it came */
  unclearPayments: (token: string) => answered(api.GET('/payments/unclear', bearer(token))),
  answerCall: (token: string, id: number) =>
    answered(api.POST('/calls/{id}/answer', { ...bearer(token), params: { path: { id } } })),
  /** to the phones at a table that sat down before its bill was opened; `order_id`: the one that the person has read */
  showBill: (token: string, id: number, order_id: number) =>
    answered(api.POST('/tables/{id}/phones/show', { ...bearer(token), params: { path: { id } }, body: { order_id } })),
  removeItem: (token: string, order_id: number, item_id: number, reason: string, approval?: number) =>
    answered(
      api.DELETE('/orders/{order_id}/items/{item_id}', {
        ...bearer(token),
        params: { path: { order_id, item_id }, query: { reason }, header: withApproval(approval) },
      }),
    ),
  /** `expected_total`: the sum that the person has read; with any other the box leaves the order as it is */
  cancelOrder: (token: string, order_id: number, reason: string, expected_total: string, approval?: number) =>
    answered(
      api.DELETE('/orders/{order_id}', {
        ...bearer(token),
        params: { path: { order_id }, query: { reason, expected_total }, header: withApproval(approval) },
      }),
    ),
  paymentMethods: (token: string) => answered(api.GET('/payment-methods/active', bearer(token))),
  /** `expected_total`: the sum that the person has read; for any other the box takes nothing */
  pay: (token: string, key: string, order_id: number, payment_method_id: number, expected_total: string, approval?: number) =>
    answered(
      api.POST('/orders/{order_id}/complete-payment', {
        ...atDevice(token),
        params: { path: { order_id }, header: { 'Idempotency-Key': key, ...withApproval(approval) } },
        body: { payment_method_id, payment_status: 'PAID', expected_total },
      }),
    ),
  /** guests sit down, or were counted anew */
  seatTable: (token: string, id: number, guests: number) =>
    answered(
      api.PATCH('/tables/{id}/status', { ...bearer(token), params: { path: { id } }, body: { is_occupied: true, guests } }),
    ),
  setGuests: (token: string, order_id: number, guests: number) =>
    answered(api.PATCH('/orders/{order_id}', { ...bearer(token), params: { path: { order_id } }, body: { guests } })),
  reasons: (token: string) => answered(api.GET('/reasons', bearer(token))),
  approvers: (token: string, { permission, amount, ...of }: ApproversOf) =>
    answered(
      api.GET('/approvals/approvers', {
        ...bearer(token),
        params: { query: { permission, amount, ...known(of) } },
      }),
    ),
  askApproval: (token: string, body: ApprovalRequest) =>
    answered(api.POST('/approvals', { ...atDevice(token), body })),
  approval: (token: string, id: number) =>
    answered(api.GET('/approvals/{id}', { ...bearer(token), params: { path: { id } } })),
  withdrawApproval: (token: string, id: number) =>
    answered(api.DELETE('/approvals/{id}', { ...bearer(token), params: { path: { id } } })),
  freeTable: (token: string, id: number) =>
    answered(
      api.PATCH('/tables/{id}/status', { ...bearer(token), params: { path: { id } }, body: { is_occupied: false } }),
    ),
}
