import type { components } from '../../lib/api'
import { answered, api, bearer } from '../../lib/client'
import { Refusal } from '../../lib/http'
import type { Customer, CustomerDetails } from '../../lib/types'

/** Whose order it is; null where nobody knows. */
export const whose = async (token: string, order_id: number): Promise<CustomerDetails | null> =>
  (await answered(api.GET('/orders/{order_id}/customer', { ...bearer(token), params: { path: { order_id } } }))).customer ?? null

/** Says whose it is. The same twice is once, so it needs no key of a wish. */
export const setWhose = (token: string, order_id: number, customer_id: number | null) =>
  answered(api.PUT('/orders/{order_id}/customer', { ...bearer(token), params: { path: { order_id } }, body: { customer_id } }))

export const search = (token: string, text: string): Promise<{ customers: Customer[]; has_more: boolean }> =>
  answered(api.POST('/customers/search', { ...bearer(token), body: { text } }))

export type Points = components['schemas']['LoyaltyAccount']

/** What a guest has, in each program. */
export const pointsOf = async (token: string, customer_id: number): Promise<Points[]> =>
  (await answered(api.GET('/loyalty/accounts', { ...bearer(token), params: { query: { customer_id } } }))).accounts

/** For each wish the check as it was seen first: the same wish asks for the same. */
const seen = new Map<string, { id: number; version: number }>()

/** The check that is to be paid next. */
async function openCheck(token: string, key: string, order_id: number) {
  const known = seen.get(key)
  if (known) return known
  const { checks } = await answered(api.GET('/orders/{order_id}/checks', { ...bearer(token), params: { path: { order_id } } }))
  const check = checks.find(({ state }) => state === 'OPEN') ?? checks[0]
  if (!check) throw new Refusal(404, 'not_found', '')
  seen.clear()
  seen.set(key, check)
  return check
}

const ofCheck = (token: string, key: string, check_id: number) => ({
  ...bearer(token),
  params: { path: { check_id }, header: { 'Idempotency-Key': key } },
})

/** Takes as many points off the bill as can be, or the dish for a full card. */
export async function takePoints(token: string, key: string, order_id: number, account_id: number) {
  const { id, version } = await openCheck(token, key, order_id)
  return answered(api.POST('/checks/{check_id}/rewards', { ...ofCheck(token, key, id), body: { account_id, version } }))
}

/** Takes a promo code for the bill. */
export async function takeCode(token: string, key: string, order_id: number, code: string) {
  const { id, version } = await openCheck(token, key, order_id)
  return answered(api.POST('/checks/{check_id}/promo-code', { ...ofCheck(token, key, id), body: { code, version } }))
}
