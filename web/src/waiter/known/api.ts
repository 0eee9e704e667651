import { answered, api, bearer } from '../../lib/client'
import type { Customer, CustomerDetails } from '../../lib/types'

/** Whose order it is; null where nobody knows. */
export const whose = async (token: string, order_id: number): Promise<CustomerDetails | null> =>
  (await answered(api.GET('/orders/{order_id}/customer', { ...bearer(token), params: { path: { order_id } } }))).customer ?? null

/** Says whose it is. The same twice is once, so it needs no key of a wish. */
export const setWhose = (token: string, order_id: number, customer_id: number | null) =>
  answered(api.PUT('/orders/{order_id}/customer', { ...bearer(token), params: { path: { order_id } }, body: { customer_id } }))

export const search = (token: string, text: string): Promise<{ customers: Customer[]; has_more: boolean }> =>
  answered(api.POST('/customers/search', { ...bearer(token), body: { text } }))
