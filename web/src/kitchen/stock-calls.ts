// What the kitchen asks of the stock: what there is to write down, and to write it down.

import { answered, api, bearer } from '../lib/client'
import type { StockDocumentCreate } from '../lib/types'

/** As many goods as a cook looks through; the rest is found by its name. */
const SHOWN = 30

/** Goods by a part of their name; those that are made here, or all. */
export async function goodsCalled(token: string, search: string, isMade: boolean) {
  const query = { limit: SHOWN, ...(search ? { search } : {}), ...(isMade ? { kind: 'PREP' as const } : {}) }
  return (await answered(api.GET('/stock/goods', { ...bearer(token), params: { query } }))).goods
}

/** Where goods lie, the first one first. */
export const places = async (token: string) => (await answered(api.GET('/stock/places', bearer(token)))).places

export const writeDown = (token: string, key: string, body: StockDocumentCreate) =>
  answered(api.POST('/stock/documents', { ...bearer(token), params: { header: { 'Idempotency-Key': key } }, body }))
